import { expect, test } from 'vitest';
import { batchesFrom, imagesAfter, stepsPerEpoch } from '../../../activities/training/batch-order.ts';

const ORDER = { images: 10, batchSize: 4, seed: 1 };

const take = (from: number, steps: number, order = ORDER) => {
  const batches = batchesFrom(from, order);
  return Array.from({ length: steps }, () => [...batches.next().value]);
};

test("50,000 images in batches of 128 are the paper's 391 steps, in batches of 64 782", () => {
  expect(stepsPerEpoch(50_000, 128)).toBe(391);
  expect(stepsPerEpoch(50_000, 64)).toBe(782);
});

test('an epoch shows every image once, the smaller last batch included', () => {
  const epoch = take(0, 3);
  expect(epoch.map((batch) => batch.length)).toEqual([4, 4, 2]);
  expect(epoch.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test.each([0, 1, 3, 4, 8])('images after %i steps are those of the batches so far', (steps) => {
  expect(imagesAfter(steps, ORDER)).toBe(take(0, steps).flat().length);
});

test('the next epoch has another order, another seed too', () => {
  const [first, second] = [take(0, 3), take(3, 3)];
  expect(second).not.toEqual(first);
  expect(take(0, 3, { ...ORDER, seed: 2 })).not.toEqual(first);
});

test.each([1, 3, 5])('entered after %i steps the order goes on as if it had been replayed', (step) => {
  expect(take(step, 5)).toEqual(take(0, step + 5).slice(step));
});
