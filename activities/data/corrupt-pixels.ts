/** The corruptions of pixels of Section 2.1. They see the cropped image, pixels / 255, float64 [28, 28, 3], and come
 *  before whitening; a pixel moves with its three channels. */
import type { Corruption } from '../contract.ts';
import { permutation, stream } from '../random/stream.ts';
import { CROPPED_SIDE } from './crop.ts';
import { CHANNELS } from './images.ts';

/** Mean and variance of pixels / 255. */
export interface Moments {
  mean: number;
  variance: number;
}

/** What happens to image number `index` of its split. */
export type PixelCorruption = (image: Float64Array, index: number) => Float64Array;

// Open in the paper: what the test images are. They are treated as the training images, each with a permutation or
// noise of its own.
const STREAMS = {
  train: { permutation: 'train-pixel-permutation', noise: 'train-gaussian-pixels' },
  test: { permutation: 'test-pixel-permutation', noise: 'test-gaussian-pixels' },
} as const;

/** intact: as it is. shuffled: one permutation of the positions for all images of both splits. random: every image
 *  its own permutation. gaussian: every element an independent normal number with the moments of the original data,
 *  not clipped. Image i depends on the seed, its split and i alone, not on how many images there are. */
export function pixelCorruption(
  { pixels, seed }: Pick<Corruption, 'pixels' | 'seed'>,
  split: 'train' | 'test',
  moments: Moments,
): PixelCorruption {
  const positions = CROPPED_SIDE * CROPPED_SIDE;
  switch (pixels) {
    case 'intact':
      return (image) => image;
    case 'shuffled': {
      const shared = permutation(positions, stream(seed, 'pixel-permutation'));
      return (image) => movePixels(image, shared);
    }
    case 'random':
      return (image, index) =>
        movePixels(image, permutation(positions, stream(seed, STREAMS[split].permutation, index)));
    case 'gaussian': {
      const deviation = Math.sqrt(moments.variance);
      return (image, index) => {
        const { normal } = stream(seed, STREAMS[split].noise, index);
        return image.map(() => moments.mean + deviation * normal());
      };
    }
  }
}

/** Position i takes the pixel that was at order[i]. */
function movePixels(image: Float64Array, order: Uint32Array): Float64Array {
  const moved = new Float64Array(image.length);
  for (let to = 0; to < order.length; to++) {
    const from = order[to]! * CHANNELS;
    for (let channel = 0; channel < CHANNELS; channel++) {
      moved[to * CHANNELS + channel] = image[from + channel]!;
    }
  }
  return moved;
}
