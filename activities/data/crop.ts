import { CHANNELS, SIDE } from './images.ts';

export const CROPPED_SIDE = 28; // Appendix A
export const CROPPED_ELEMENTS = CROPPED_SIDE * CROPPED_SIDE * CHANNELS;

const MARGIN = (SIDE - CROPPED_SIDE) / 2;

/** The middle of an image: uint8 [32, 32, 3] -> uint8 [28, 28, 3]. */
export function centreCrop(image: Uint8Array): Uint8Array {
  const cropped = new Uint8Array(CROPPED_ELEMENTS);
  const rowBytes = CROPPED_SIDE * CHANNELS;
  for (let row = 0; row < CROPPED_SIDE; row++) {
    const start = ((row + MARGIN) * SIDE + MARGIN) * CHANNELS;
    cropped.set(image.subarray(start, start + rowBytes), row * rowBytes);
  }
  return cropped;
}
