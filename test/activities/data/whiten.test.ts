import { expect, test } from 'vitest';
import { whiten } from '../../../activities/data/whiten.ts';

test('four pixels are whitened as by hand', () => {
  // Mean 0.5, squares (0.09 + 0.01 + 0.01 + 0.09) / 4 = 0.05, but the deviation is at least 1/√4 = 0.5.
  const whitened = whiten(Float64Array.of(0.2, 0.4, 0.6, 0.8));
  expect([...whitened]).toEqual([-0.6, -0.2, 0.2, 0.6].map(Math.fround));
});

test('where the deviation is larger than 1/√elements, it is what divides', () => {
  // Sixteen elements, eight 0 and eight 1: mean 0.5, deviation 0.5 > 0.25.
  const whitened = whiten(Float64Array.from({ length: 16 }, (_, i) => i % 2));
  expect([...whitened.subarray(0, 2)]).toEqual([-1, 1]);
});

test('an image has mean 0 and variance 1 over all its elements, not channel by channel', () => {
  const image = Float64Array.from({ length: 2352 }, (_, i) => ((i * 37) % 101) / 101 + (i % 3) * 0.1);
  const whitened = whiten(image);
  const mean = whitened.reduce((sum, x) => sum + x, 0) / 2352;
  const variance = whitened.reduce((sum, x) => sum + x * x, 0) / 2352;
  const red = whitened.reduce((sum, x, i) => sum + (i % 3 === 0 ? x : 0), 0) / 784;
  expect(Math.abs(mean)).toBeLessThan(1e-6); // float32 rounds each element by up to 1.2e-7
  expect(Math.abs(variance - 1)).toBeLessThan(1e-6);
  expect(red).toBeLessThan(-0.1); // channel means keep their differences
});

test('a uniform image gives zeros', () => {
  expect(whiten(new Float64Array(12).fill(0.7)).every((x) => Math.abs(x) < 1e-7)).toBe(true);
});
