import { expect, test } from 'vitest';
import { oneVsAll } from '../../../activities/kernel/labels.ts';
import { gramOf, leastNorm, withinSpan } from '../../../activities/linear/least-norm.ts';
import { compareOptima } from '../../../activities/linear/optima.ts';
import { combined } from '../../../activities/linear/sample.ts';
import { stream } from '../../../activities/random/stream.ts';
import { furthest } from '../kernel/small.ts';
import { D, labels, N, recorded, sample } from './small-images.ts';

const y = oneVsAll(labels);
const gram = gramOf(sample);
const solution = leastNorm(gram, y);
const { normal } = stream(1, 'linear-start');
const drawn = solution.map(() => normal());
const other = solution.map((value, i) => value + drawn[i]! - withinSpan(gram, drawn)[i]!);
const compare = (one: Float64Array, two: Float64Array) => compareOptima(gram, { one, other: two, y });

test('at two interpolants the Hessian has one spectrum, rank n, and nothing along the line between them', () => {
  const found = compare(solution, other);

  expect(found.ranks).toEqual([N, N]);
  expect(found.dimensions).toBe(D);
  expect(found.difference).toBeLessThan(1e-12);
  expect(found.alongTheLine).toBeLessThan(1e-12);
  expect(found.apart).toBeGreaterThan(1); // two interpolants, not one
  expect(found.differenceAtZero).toBeGreaterThan(0.1); // a loss that is not a parabola
});

test('where an optimum is missed the difference says so', () => {
  expect(
    compare(
      solution,
      other.map((value) => 1.5 * value),
    ).difference,
  ).toBeGreaterThan(1e-2);
});

test('of all D eigenvalues NumPy finds those, and zeros', () => {
  // Errors of ½·y·i at point i of the first output: recorded.py bends the loss there.
  const weights = leastNorm(
    gram,
    y.map((value, at) => value * (1 + 0.5 * Math.floor(at / 10))),
  );
  const { spectra } = compare(weights, weights);
  const { hessian } = recorded.linear;

  expect(furthest(spectra[0], hessian.slice(0, N)) / hessian[0]!).toBeLessThan(1e-6); // of the whitening
  expect(Math.max(...hessian.slice(N).map(Math.abs)) / hessian[0]!).toBeLessThan(1e-14);
});

test('a combination of points is what it says', () => {
  const { x } = sample;
  const beta = Float64Array.from({ length: N }, (_, i) => (i === 2 ? 3 : i === 5 ? -1 : 0));

  expect(
    furthest(
      combined(sample, beta),
      x.subarray(2 * D, 3 * D).map((v, k) => 3 * v - x[5 * D + k]!),
    ),
  ).toBe(0);
});
