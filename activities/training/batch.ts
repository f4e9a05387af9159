/** What a network sees of a split: a batch of it, by index, as a pure function of tensors. */
import type { Tensor, Tensor1D, Tensor4D, TensorFlow } from '../tensorflow/load.ts';
import { CENTRE, cutOut, SIDE, type Windows, whitenBatch } from './augment.ts';

/** A split on the device: float32 [n, 28, 28, 3], or [n, 32, 32, 3] when it is augmented; int32 [n]. */
export interface DeviceSplit {
  images: Tensor4D;
  labels: Tensor1D;
}

/** indices: int32 [B]. windows: of augmented images; without them they are cropped at the centre. */
export function batchOf(
  tf: TensorFlow,
  { images, labels }: DeviceSplit,
  indices: Tensor1D,
  windows: Windows<Tensor, Tensor> | null,
): DeviceSplit {
  return {
    images: images.shape[1] === SIDE ? cropped() : images.gather(indices), // [B, 28, 28, 3]
    labels: labels.gather(indices), // [B]
  };

  function cropped() {
    const all = (value: number) => tf.fill(indices.shape, value, 'int32');
    const centre = () => ({ top: all(CENTRE), left: all(CENTRE), flip: all(0) });
    return whitenBatch(tf, cutOut(tf, images, indices, windows ?? centre()));
  }
}
