/** A data set in memory: ten classes of 32×32 colour images, or of MNIST's 28×28 grey ones. */
import type { DatasetName } from '../contract.ts';

export const SIDE = 32;
export const CHANNELS = 3;
export const BYTES_PER_IMAGE = SIDE * SIDE * CHANNELS;

/** Height, width, channels. */
export const SHAPE: Record<DatasetName, [height: number, width: number, channels: number]> = {
  cifar10: [SIDE, SIDE, CHANNELS],
  procedural: [SIDE, SIDE, CHANNELS],
  mnist: [28, 28, 1],
};

export interface Split {
  /** uint8 [n, height, width, channels] */
  images: Uint8Array;
  /** uint8 [n], each below 10. */
  labels: Uint8Array;
}

export interface Dataset {
  train: Split;
  test: Split;
}

/** One split out of several, in their order. */
export function joinSplits(splits: Split[]): Split {
  return {
    images: Buffer.concat(splits.map(({ images }) => images)),
    labels: Buffer.concat(splits.map(({ labels }) => labels)),
  };
}

/** Interleaves the colour planes of one image, uint8 [3, 32, 32] -> uint8 [32, 32, 3]. */
export function interleave(planes: Uint8Array, into: Uint8Array): void {
  const pixels = SIDE * SIDE;
  for (let pixel = 0; pixel < pixels; pixel++) {
    into[pixel * CHANNELS] = planes[pixel]!;
    into[pixel * CHANNELS + 1] = planes[pixels + pixel]!;
    into[pixel * CHANNELS + 2] = planes[2 * pixels + pixel]!;
  }
}
