import { expect, test } from 'vitest';
import { stream } from '../../activities/random/stream.ts';
import { arrayOf, normal } from './arrays.ts';
import { exceeded } from './bounds.ts';
import { differences, largestDifference } from './compare.ts';
import { sketch, sketchDistance } from './sketch.ts';

test('a quantity is as far off as its worst tensor', () => {
  const expected = { loss: [2], 'weights/a': [1, 10], 'weights/b': [4, 1] };
  const found = { loss: [2], 'weights/a': [2, 10], 'weights/b': [4, 2] };
  expect(differences(found, expected, largestDifference)).toEqual([
    { quantity: 'loss', tensor: 'loss', relative: 0 },
    { quantity: 'weights', tensor: 'weights/b', relative: 0.25 },
  ]);
});

test('a result that one side lacks is named', () => {
  expect(() => differences({ loss: [1] }, { loss: [1], logits: [1] }, largestDifference)).toThrow(
    "logits is among one side's results alone",
  );
});

test('numbers that are not finite, or missing, are infinitely far off', () => {
  expect(largestDifference([Number.NaN, 1], [0, 1])).toBe(Number.POSITIVE_INFINITY);
  expect(largestDifference([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
});

test('beyond its bound a quantity is one sentence with its distance, its tensor and the bound', () => {
  const gradients = { quantity: 'gradients', tensor: 'gradients/conv-1/kernel' };
  expect(exceeded('alexnet', [{ ...gradients, relative: 2e-3 }])).toEqual([
    "alexnet: gradients of ours are 2.0e-3 from PyTorch's (gradients/conv-1/kernel), expected at most 3e-5.",
  ]);
  expect(exceeded('alexnet', [{ ...gradients, relative: 1e-6 }])).toEqual([]);
  expect(exceeded('alexnet', [{ ...gradients, relative: Number.NaN }])).toHaveLength(1);
});

test('sketches are as far apart as their tensors, within a factor of two', () => {
  const numbers = stream(1, 'procedural');
  const { data } = arrayOf([10_000], normal(numbers, 0, 1));
  const moved = data.map((value, i) => (i % 100 === 0 ? value + 0.1 : value)); // ‖difference‖ = 1, ‖data‖ = 100
  const distance = sketchDistance(sketch(moved), sketch(data));
  expect(distance).toBeGreaterThan(0.005);
  expect(distance).toBeLessThan(0.02);
});
