import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import { rademacherBound } from '../../../activities/theory/rademacher.ts';
import { buildTheorem1 } from '../../../activities/theory/theorem-1.ts';

test('all signs fitted in every draw estimate 1, less what n signs leave open', () => {
  const { estimate, atLeast } = rademacherBound([1, 1, 1], 50_000);
  expect(estimate).toBe(1);
  expect(atLeast).toBeCloseTo(1 - Math.sqrt((2 * Math.log(20)) / 150_000), 12); // rounding
});

test('guessing estimates 0, and the bound does not go below −1', () => {
  expect(rademacherBound([0.5, 0.5], 100).estimate).toBe(0);
  expect(rademacherBound([0.1], 1).atLeast).toBe(-1);
});

test('a class of one function has complexity 0, and the bound stays below it in at least 95 of 100 trials', () => {
  const n = 50;
  const { below } = stream(1, 'procedural');
  const accuracy = () => Array.from({ length: n }, () => below(2)).reduce((sum, sign) => sum + sign, 0) / n;
  const above = Array.from(
    { length: 100 },
    () => rademacherBound([accuracy(), accuracy()], n).atLeast,
  ).filter((bound) => bound > 0);
  expect(above.length).toBeLessThanOrEqual(5);
});

test('Theorem 1 fits random signs: complexity 1', async () => {
  const n = 400;
  const sample = generatedPoints({ n, d: 16, draw: stream(2, 'generated-points') });
  const accuracies = await Promise.all(
    [1, 2, 3].map(async (seed) => {
      const { below } = stream(seed, 'rademacher-signs');
      const labels = Array.from({ length: n }, () => 2 * below(2) - 1);
      const { largestError } = await buildTheorem1({
        sample,
        labels,
        projection: 'integers-53',
        draw: stream(seed, 'projection'),
      });
      return largestError.float64 < 1 ? 1 : 0; // every sign is right
    }),
  );
  expect(rademacherBound(accuracies, n).estimate).toBe(1);
});
