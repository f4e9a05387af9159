import { expect, test } from 'vitest';
import { oneVsAll } from '../../../activities/kernel/labels.ts';
import { gramOf, largestEigenvalue, leastNorm, withinSpan } from '../../../activities/linear/least-norm.ts';
import { beside, columnsOf, length, outputsOf } from '../../../activities/linear/sample.ts';
import { stream } from '../../../activities/random/stream.ts';
import { furthest } from '../kernel/small.ts';
import { D, labels, N, recorded, row5, sample } from './small-images.ts';

const y = oneVsAll(labels);
const gram = gramOf(sample);

/** NumPy whitens in another order of sums: pixels that fall on the other side of a float32 differ by 6e-8 of it. */
const WHITENING = 1e-6;

test('the solution is that of NumPy’s pseudoinverse, and its norm', () => {
  const weights = leastNorm(gram, y);

  expect(furthest(row5(weights), recorded.linear.leastNormRow5)).toBeLessThan(WHITENING);
  expect(length(weights)).toBeCloseTo(recorded.linear.leastNorm, 6);
});

test('the largest eigenvalue is NumPy’s', () => {
  expect(largestEigenvalue(gram) / recorded.linear.largestEigenvalue).toBeCloseTo(1, 6);
});

test('the solution interpolates, lies in the span, and is shorter than it with anything from outside', () => {
  const weights = leastNorm(gram, y);
  const { normal } = stream(1, 'linear-start');
  const drawn = weights.map(() => normal());
  const outside = drawn.map((value, i) => value - withinSpan(gram, drawn)[i]!);
  const other = weights.map((value, i) => value + outside[i]!);

  expect(furthest(outputsOf(sample, weights), y)).toBeLessThan(1e-12);
  expect(furthest(outputsOf(sample, other), y)).toBeLessThan(1e-12);
  expect(furthest(withinSpan(gram, weights), weights)).toBeLessThan(1e-12);
  expect(length(other) ** 2).toBeCloseTo(length(weights) ** 2 + length(outside) ** 2, 9);
});

test('one point has the solution y·x/‖x‖²', () => {
  const one = gramOf({ n: 1, d: 3, x: Float64Array.of(1, 2, 2) });

  expect([...leastNorm(one, Float64Array.of(18))]).toEqual([2, 4, 4]);
  expect(largestEigenvalue(one)).toBeCloseTo(9, 12);
});

test('points as many as dimensions, or more, are refused: there is one interpolant, or none', () => {
  const points = (n: number, d: number) => gramOf({ n, d, x: new Float64Array(n * d).fill(1) });

  expect(() => points(1, 1)).toThrow('1 points in 1 dimensions leave a linear model no choice');
  expect(() => points(5, 4)).toThrow('take fewer than 4 points');
});

test.each<[string, number[], number]>([
  ['a copy of a point', [1, 2, 3, 0, 1, 0, 1, 2, 3], 2],
  ['a combination of two', [1, 0, 0, 0, 1, 0, 2, 3, 0], 2],
  ['a point of zeros, as a uniform image whitened', [1, 0, 0, 0, 0, 0, 0, 1, 0], 1],
])('%s is refused with its place', (_what, rows, place) => {
  const x = Float64Array.from({ length: 12 }, (_, at) =>
    at % 4 < 3 ? rows[Math.floor(at / 4) * 3 + (at % 4)]! : 0,
  );

  expect(() => gramOf({ n: 3, d: 4, x })).toThrow(`Point ${place}, counted from 0, is a combination`);
});

test('columns beside columns are found again', () => {
  const parts = [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6)]; // [2, 2] and [2, 1]

  expect([...beside(2, parts)]).toEqual([1, 2, 5, 3, 4, 6]);
  expect([...columnsOf(beside(2, parts), 3, { first: 2, count: 1 })]).toEqual([5, 6]);
  expect([N, D]).toEqual([sample.n, sample.d]);
});
