/** What happens to training images anew at every step, when a run asks for it: a random window instead of the centre
 *  crop, a flip from left to right, and the whitening after them. Windows lie inside the image, without padding: the
 *  paper's 28×28 input leaves five places each way. */
import type { Augmentation } from '../contract.ts';
import { stream } from '../random/stream.ts';
import type { Tensor, Tensor1D, Tensor4D, TensorFlow } from '../tensorflow/load.ts';

export const SIDE = 32;
const CROPPED = 28;
/** Where evaluation cuts. */
export const CENTRE = (SIDE - CROPPED) / 2;

/** Where each image of a batch is cut out, and whether it is mirrored: int32 [B] each, flip 0 or 1. */
export interface Windows<T = Int32Array> {
  top: T;
  left: T;
  flip: T;
}

/** The windows of a step, the first of which is step 0. */
export function drawWindows(
  step: number,
  images: number,
  seed: number,
  { crop, flip }: Augmentation,
): Windows {
  const places = stream(seed, 'crop', step);
  const coins = stream(seed, 'flip', step);
  const place = () => (crop ? places.below(SIDE - CROPPED + 1) : CENTRE);
  const windows = { top: new Int32Array(images), left: new Int32Array(images), flip: new Int32Array(images) };
  for (let i = 0; i < images; i++) {
    windows.top[i] = place();
    windows.left[i] = place();
    windows.flip[i] = flip ? coins.below(2) : 0;
  }
  return windows;
}

/** images: float32 [n, 32, 32, 3]; indices: int32 [B], images of the batch. Their windows, float32 [B, 28, 28, 3]. */
export function cutOut(
  tf: TensorFlow,
  images: Tensor4D,
  indices: Tensor1D,
  { top, left, flip }: Windows<Tensor>,
): Tensor4D {
  const [n, , , channels] = images.shape;
  const along = tf.range(0, CROPPED, 1, 'int32'); // [28]
  const column = (perImage: Tensor) => perImage.reshape([-1, 1]); // [B] -> [B, 1]
  const rows = column(top).add(along); // [B, 28]
  const mirrored = column(flip).mul(tf.scalar(CROPPED - 1, 'int32').sub(along.mul(tf.scalar(2, 'int32'))));
  const columns = column(left).add(along).add(mirrored); // [B, 28]; a mirrored one runs from 27 to 0
  const side = tf.scalar(SIDE, 'int32');
  const pixels = column(indices)
    .mul(side)
    .add(rows) // [B, 28]
    .mul(side)
    .expandDims(2)
    .add(columns.expandDims(1)); // [B, 28, 28]
  return images
    .reshape([n * SIDE * SIDE, channels])
    .gather(pixels.flatten().toInt())
    .reshape([indices.shape[0], CROPPED, CROPPED, channels]);
}

/** As `data/whiten.ts`, in float32: mean 0 and deviation 1 over each image. float32 [B, 28, 28, 3]. */
export function whitenBatch(tf: TensorFlow, images: Tensor4D): Tensor4D {
  const elements = images.size / images.shape[0];
  const centred = images.sub(images.mean([1, 2, 3], true));
  const deviation = centred.square().mean([1, 2, 3], true).sqrt();
  return centred.div(tf.maximum(deviation, 1 / Math.sqrt(elements)));
}
