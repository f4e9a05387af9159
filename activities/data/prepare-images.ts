/** From stored images to what a network sees (Appendix A): pixels / 255, centre crop, corruption of the pixels,
 *  whitening, in this order. */

import type { Moments, PixelCorruption } from './corrupt-pixels.ts';
import { CROPPED_ELEMENTS, CROPPED_SIDE, centreCrop } from './crop.ts';
import { BYTES_PER_IMAGE, CHANNELS } from './images.ts';
import { allocateNpy } from './npy.ts';
import { whiten } from './whiten.ts';

const IMAGES_PER_STEP = 500; // at most 90 ms: Gaussian noise takes the longest

/** The first `count` of images uint8 [n, 32, 32, 3] as an npy file of float32 [count, 28, 28, 3]. Yields between
 *  steps. */
export function* prepareImages(
  images: Uint8Array,
  count: number,
  corrupt: PixelCorruption,
): Generator<void, Buffer> {
  const { bytes, data } = allocateNpy('float32', [count, CROPPED_SIDE, CROPPED_SIDE, CHANNELS]);
  for (let i = 0; i < count; i++) {
    const cropped = centreCrop(images.subarray(i * BYTES_PER_IMAGE, (i + 1) * BYTES_PER_IMAGE));
    data.set(whiten(corrupt(toUnitInterval(cropped), i)), i * CROPPED_ELEMENTS);
    if (i % IMAGES_PER_STEP === 0) yield;
  }
  return bytes;
}

/** Mean and variance over all elements (images, rows, columns, channels) of the cropped images, pixels / 255.
 *  images: uint8 [n, 32, 32, 3]. Sums of integers: exact in any order. */
export function* pixelMoments(images: Uint8Array): Generator<void, Moments> {
  const n = images.length / BYTES_PER_IMAGE;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const cropped = centreCrop(images.subarray(i * BYTES_PER_IMAGE, (i + 1) * BYTES_PER_IMAGE));
    for (let k = 0; k < CROPPED_ELEMENTS; k++) {
      const value = cropped[k]!;
      sum += value;
      squares += value * value;
    }
    if (i % IMAGES_PER_STEP === 0) yield;
  }
  const mean = sum / (n * CROPPED_ELEMENTS);
  return { mean: mean / 255, variance: (squares / (n * CROPPED_ELEMENTS) - mean * mean) / 255 ** 2 };
}

function toUnitInterval(bytes: Uint8Array): Float64Array {
  const scaled = new Float64Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) scaled[i] = bytes[i]! / 255;
  return scaled;
}
