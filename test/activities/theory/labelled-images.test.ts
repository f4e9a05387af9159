import { expect, test } from 'vitest';
import { labelsFor } from '../../../activities/theory/labelled-images.ts';

const [n, d] = [1000, 4];
const images = Uint8Array.from({ length: n * d }, (_, i) =>
  i % d < 2 ? Math.floor(i / d) >> (8 * (i % d)) : 7,
);
const labels = Uint8Array.from({ length: n }, (_, i) => i % 10);

test('true labels are the data set’s', () => {
  expect(labelsFor('true', { images, labels, d }, 1)).toEqual(labels);
});

test('random labels are uniform classes of the seed, and leave the data set’s alone', () => {
  const drawn = Array.from(labelsFor('random', { images, labels, d }, 1));
  const same = drawn.filter((label, i) => label === labels[i]).length;
  expect(Math.abs(same - n / 10)).toBeLessThan(4 * Math.sqrt(n * 0.1 * 0.9)); // four standard deviations
  expect(Array.from(labelsFor('random', { images, labels, d }, 2))).not.toEqual(drawn);
  expect(labels[13]).toBe(3);
});

test.each(['random', 'real'] as const)('a copy of an image has its %s label', (kind) => {
  const copied = images.slice();
  copied.copyWithin(900 * d, 5 * d, 6 * d);
  copied.copyWithin(950 * d, 5 * d, 6 * d);
  const alone = labelsFor(kind, { images, labels, d }, 3);
  const drawn = labelsFor(kind, { images: copied, labels, d }, 3);
  expect([drawn[900], drawn[950]]).toEqual([alone[5], alone[5]]);
  expect(drawn[901]).toBe(alone[901]);
});
