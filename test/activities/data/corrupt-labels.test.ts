import { expect, test } from 'vitest';
import { corruptLabels } from '../../../activities/data/corrupt-labels.ts';
import { stream } from '../../../activities/random/stream.ts';

const N = 50_000;
const labels = Uint8Array.from({ length: N }, (_, i) => i % 10);
const corrupted = (p: number, seed = 1, clean = labels) =>
  corruptLabels(clean, p, stream(seed, 'label-corruption'));
const changes = (noisy: Uint8Array) => noisy.filter((label, i) => label !== labels[i]).length;

test('p = 0 changes nothing', () => {
  expect(corrupted(0)).toEqual(labels);
});

test('p = 0.3 replaces 30 % of 50,000 labels, of which 9 in 10 change, within four standard deviations', () => {
  const expected = 0.27 * N;
  const deviation = Math.sqrt(N * 0.27 * 0.73);
  expect(Math.abs(changes(corrupted(0.3)) - expected)).toBeLessThan(4 * deviation);
});

test('p = 1 makes all labels uniform and independent of the true ones', () => {
  const pairs = new Array<number>(100).fill(0);
  for (const [i, label] of corrupted(1).entries()) pairs[labels[i]! * 10 + label]!++;
  const chiSquare = pairs.reduce((sum, count) => sum + (count - N / 100) ** 2 / (N / 100), 0);
  expect(chiSquare).toBeLessThan(137.2); // 99.9 % point for 90 degrees of freedom (rows are fixed)
});

test('the same seed gives the same labels, so that they are fixed over epochs; another seed gives others', () => {
  expect(corrupted(1)).toEqual(corrupted(1));
  expect(corrupted(1, 2)).not.toEqual(corrupted(1, 1));
});

test('what is replaced at p = 0.3 is replaced by the same class at p = 0.8', () => {
  const less = corrupted(0.3);
  const more = corrupted(0.8);
  expect(less.every((label, i) => label === labels[i] || label === more[i])).toBe(true);
});

test('the first labels of a subset are those of the whole', () => {
  expect(corrupted(0.5, 1, labels.subarray(0, 256))).toEqual(corrupted(0.5).subarray(0, 256));
});

test('the true labels stay as they were', () => {
  const before = Uint8Array.from(labels);
  corrupted(1);
  expect(labels).toEqual(before);
});
