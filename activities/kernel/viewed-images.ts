/** Images of a data set as a kernel system takes them. */
import type { KernelImages } from '../contract.ts';
import { CHANNELS, SHAPE, SIDE } from '../data/images.ts';
import { SIDE as DIGIT_SIDE, PIXELS } from '../data/mnist.ts';

/** Values of an image. */
export function sizeOf({ dataset, view }: KernelImages): number {
  if (view === 'grey-centre' || dataset.name === 'imagenet') return PIXELS;
  const [height, width, channels] = SHAPE[dataset.name];
  return height * width * channels;
}

/** The first `count` of uint8 [n, height, width, channels]: uint8 [count, sizeOf]. */
export function viewed(images: Uint8Array, { dataset, view }: KernelImages, count: number): Uint8Array {
  const size = sizeOf({ dataset, view });
  if (view === 'whole') return images.subarray(0, count * size);
  const margin = (SIDE - DIGIT_SIDE) / 2;
  return Uint8Array.from({ length: count * size }, (_, i) => {
    const [image, row, column] = [
      Math.floor(i / PIXELS),
      margin + Math.floor((i % PIXELS) / DIGIT_SIDE),
      margin + (i % DIGIT_SIDE),
    ];
    const at = ((image * SIDE + row) * SIDE + column) * CHANNELS;
    return Math.round((images[at]! + images[at + 1]! + images[at + 2]!) / CHANNELS);
  });
}
