/** How well a network does on a split. Looking at it changes no weight, momentum or stream of random numbers. */
import type { Accuracy } from '../contract.ts';
import type { Pass } from '../models/layer.ts';
import type { Architecture } from '../models/network.ts';
import type { Tensor1D, Tensor4D } from '../tensorflow/load.ts';

/** A split on the device. images: float32 [n, 28, 28, 3]; labels: int32 [n]. */
export interface DeviceSplit {
  images: Tensor4D;
  labels: Tensor1D;
}

const BATCH = 128; // bounds memory: six megabytes an image for Inception

/** Right answers among the first `count` images. */
export function accuracy(
  network: Architecture,
  pass: Pass,
  { images, labels }: DeviceSplit,
  count: number,
): Accuracy {
  const { tf } = pass;
  let correct = 0;
  for (const { start, size } of ranges(count, BATCH)) {
    const right = tf.tidy(() => {
      const logits = network.apply(images.slice(start, size), pass); // [size, 10]
      return logits.argMax(1).equal(labels.slice(start, size)).sum();
    });
    correct += right.dataSync()[0]!;
    right.dispose();
  }
  return { correct, images: count };
}

/** 0 … count − 1 in pieces of `most`; the last one may be smaller. */
export function* ranges(count: number, most: number): Generator<{ start: number; size: number }> {
  for (let start = 0; start < count; start += most) yield { start, size: Math.min(most, count - start) };
}
