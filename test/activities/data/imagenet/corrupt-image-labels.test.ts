import { expect, test } from 'vitest';
import { corruptImageLabels } from '../../../../activities/data/imagenet/corrupt-image-labels.ts';

const N = 20_000;
const CLASSES = 10;
const images = {
  names: Array.from({ length: N }, (_, i) => `n${i % CLASSES}_${i}`),
  labels: Int32Array.from({ length: N }, (_, i) => i % CLASSES),
};
const corrupted = (p: number, seed = 1) => corruptImageLabels(images, { p, classes: CLASSES, seed });
const differing = (one: Int32Array, other: Int32Array) => one.filter((label, i) => label !== other[i]).length;

test('p = 0 changes nothing', () => {
  expect(corrupted(0)).toEqual(images.labels);
});

test('at p = 1 every class is drawn equally often', () => {
  const counts = new Array<number>(CLASSES).fill(0);
  for (const label of corrupted(1)) counts[label]!++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - N / CLASSES) ** 2 / (N / CLASSES), 0);
  expect(chiSquare).toBeLessThan(27.88); // 99.9 % point for nine degrees of freedom
});

test('at p = 0.3 30 % are replaced, nine of ten by another class, within four standard deviations', () => {
  const changed = differing(corrupted(0.3), images.labels);
  const expected = 0.3 * 0.9;
  expect(Math.abs(changed - N * expected)).toBeLessThan(4 * Math.sqrt(N * expected * (1 - expected)));
});

test('what is replaced at a small p has the same class at a larger one', () => {
  const [some, most] = [corrupted(0.3), corrupted(0.8)];
  const kept = some.filter((label, i) => label !== images.labels[i] && label !== most[i]);
  expect(kept).toHaveLength(0);
});

test('an image has its label wherever it stands and whatever stands beside it', () => {
  const all = corrupted(1);
  const chosen = [17, 3, 19_999, 4];
  const few = corruptImageLabels(
    { names: chosen.map((i) => images.names[i]!), labels: Int32Array.from(chosen, (i) => images.labels[i]!) },
    { p: 1, classes: CLASSES, seed: 1 },
  );
  expect([...few]).toEqual(chosen.map((i) => all[i]));
});

test('another seed draws other labels', () => {
  const same = N - differing(corrupted(1, 1), corrupted(1, 2));
  expect(Math.abs(same - N / 10)).toBeLessThan(4 * Math.sqrt(N * 0.1 * 0.9)); // as often equal as chance has it
});

test('the first labels never change', () => {
  // A golden value: every stored result depends on it.
  expect([...corrupted(1).subarray(0, 8)]).toEqual([5, 5, 8, 7, 3, 9, 4, 1]);
});
