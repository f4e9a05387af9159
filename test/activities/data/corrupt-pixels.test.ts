import { expect, test } from 'vitest';
import { pixelCorruption } from '../../../activities/data/corrupt-pixels.ts';

const ELEMENTS = 28 * 28 * 3;
const MOMENTS = { mean: 0.47, variance: 0.0625 };

/** Every element is another number; a pixel's three follow each other. */
const image = Float64Array.from({ length: ELEMENTS }, (_, i) => i / ELEMENTS);
const corrupt = (pixels: 'intact' | 'shuffled' | 'random' | 'gaussian', split: 'train' | 'test', seed = 1) =>
  pixelCorruption({ pixels, seed }, split, MOMENTS);
const sorted = (values: Float64Array) => [...values].sort((a, b) => a - b);
const firstChannel = (values: Float64Array) => values.filter((_, i) => i % 3 === 0);

test('shuffled pixels use one permutation for every image of both splits', () => {
  const first = corrupt('shuffled', 'train')(image, 0);
  expect(corrupt('shuffled', 'train')(image, 77)).toEqual(first);
  expect(corrupt('shuffled', 'test')(image, 3)).toEqual(first);
  expect(first).not.toEqual(image);
});

test('random pixels use another permutation for every image, and for the same number in the other split', () => {
  const train = corrupt('random', 'train');
  const results = [train(image, 0), train(image, 1), corrupt('random', 'test')(image, 0)];
  expect(new Set(results.map((result) => result.join())).size).toBe(3);
});

test('a permutation keeps every pixel, and its three channels together', () => {
  for (const moved of [corrupt('shuffled', 'train')(image, 0), corrupt('random', 'train')(image, 0)]) {
    expect(sorted(moved)).toEqual(sorted(image));
    const red = firstChannel(moved);
    const follows = [...red].every(
      (value, pixel) =>
        Math.abs(moved[pixel * 3 + 1]! - value - 1 / ELEMENTS) < 1e-12 &&
        Math.abs(moved[pixel * 3 + 2]! - value - 2 / ELEMENTS) < 1e-12,
    );
    expect(follows).toBe(true);
  }
});

test('Gaussian pixels have the mean and the variance that were asked for, within four standard deviations', () => {
  const noise = corrupt('gaussian', 'train');
  const n = 50 * ELEMENTS;
  const values = Array.from({ length: 50 }, (_, i) => [...noise(image, i)]).flat();
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
  expect(Math.abs(mean - 0.47)).toBeLessThan(4 * Math.sqrt(0.0625 / n));
  expect(Math.abs(variance - 0.0625)).toBeLessThan(4 * Math.sqrt((2 * 0.0625 ** 2) / n));
});

test('Gaussian pixels are other numbers for every image and in either split, and say nothing of the image', () => {
  const train = corrupt('gaussian', 'train');
  const results = [train(image, 0), train(image, 1), corrupt('gaussian', 'test')(image, 0)];
  expect(new Set(results.map((result) => result.join())).size).toBe(3);
  expect(train(new Float64Array(ELEMENTS), 0)).toEqual(results[0]);
});

test('another seed gives another permutation and other noise', () => {
  for (const pixels of ['shuffled', 'random', 'gaussian'] as const) {
    expect(corrupt(pixels, 'train', 2)(image, 0)).not.toEqual(corrupt(pixels, 'train', 1)(image, 0));
  }
});

test('intact pixels stay as they are', () => {
  expect(corrupt('intact', 'train')(image, 0)).toEqual(image);
});
