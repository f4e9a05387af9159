/** Which images come when: every epoch has its own permutation of all of them. The last, smaller batch is kept
 *  (open in the paper): ⌈n / B⌉ steps an epoch, 391 for 50,000 images in batches of 128. */
import { permutation, stream } from '../random/stream.ts';

export const stepsPerEpoch = (images: number, batchSize: number) => Math.ceil(images / batchSize);

/** How many images the batches of the first `step` steps have. */
export function imagesAfter(
  step: number,
  { images, batchSize }: { images: number; batchSize: number },
): number {
  const steps = stepsPerEpoch(images, batchSize);
  return Math.floor(step / steps) * images + (step % steps) * batchSize;
}

/** Indices of images, a batch a step, from the step after `step` finished ones on, without end. */
export function* batchesFrom(
  step: number,
  { images, batchSize, seed }: { images: number; batchSize: number; seed: number },
): Generator<Int32Array, never> {
  const steps = stepsPerEpoch(images, batchSize);
  let batch = step % steps;
  for (let epoch = Math.floor(step / steps); ; epoch++) {
    const order = Int32Array.from(permutation(images, stream(seed, 'batch-order', epoch)));
    for (; batch < steps; batch++) yield order.subarray(batch * batchSize, (batch + 1) * batchSize);
    batch = 0;
  }
}
