import { expect, test } from 'vitest';
import { FLOAT64 } from '../../../activities/theory/arithmetic.ts';
import { hingeSum, type Summation } from '../../../activities/theory/hinge-sum.ts';
import { RATIONAL } from '../../../activities/theory/rational.ts';
import {
  checkLemma1,
  placeBiases,
  solve,
  systemIn,
  valuesOf,
  weightsAsNumbers,
} from '../../../activities/theory/triangle.ts';

const x = Float64Array.of(-3, 1, 2, 10, 11.5);
const y = Float64Array.of(4, -1, 0, 7, 7);

test('biases sit at the predecessors, the first one a power of two near the mean gap before', () => {
  expect([...placeBiases(x)]).toEqual([-7, -3, 1, 2, 10]); // the mean gap is 3.625
});

test.each([0.25, 0.5, 0.9])(
  'with the part %d of its gap behind it a bias lies between neighbours',
  (fraction) => {
    const b = placeBiases(x, fraction);
    const parts = [...b].slice(1).map((bias, i) => (x[i + 1]! - bias) / (x[i + 1]! - x[i]!));
    expect(parts.every((part) => Math.abs(part - fraction) < 1e-12)).toBe(true); // rounding of the bias
  },
);

test.each([
  [[5]],
  [[-(2 ** 53), -(2 ** 53) + 1]],
  [[1e300, 1.5e300]],
  [[2 ** -1074, 2 ** -1073]],
  [[0, 2 ** -1074, 1]],
])('projections %j give a triangle with a positive diagonal', (projections) => {
  const values = Float64Array.from(projections);
  const { triangular, smallestDiagonal } = checkLemma1(values, placeBiases(values));
  expect(triangular).toBe(true);
  expect(smallestDiagonal).toBeGreaterThan(0);
});

test('Lemma 1 fails for a bias below its predecessor or at its own point', () => {
  expect(checkLemma1(x, Float64Array.of(-7, -3, 0, 2, 10)).triangular).toBe(false);
  expect(checkLemma1(x, Float64Array.of(-7, -3, 1, 2, 11.5)).triangular).toBe(false);
});

test('no placement has a larger smallest diagonal entry than the predecessors', () => {
  const smallest = [0.25, 0.5, 0.9, 1].map((f) => checkLemma1(x, placeBiases(x, f)).smallestDiagonal);
  expect(Math.max(...smallest)).toBe(smallest[3]);
});

test('forward substitution solves the matrix of the definition', () => {
  const b = placeBiases(x, 0.5);
  const w = weightsAsNumbers(
    FLOAT64,
    hingeSum(FLOAT64, 'kink'),
    systemIn(FLOAT64, { x, b, y }),
    'as computed',
  );
  const product = Array.from(x, (xi) => w.reduce((sum, wj, j) => sum + wj * Math.max(xi - b[j]!, 0), 0));
  for (const [i, value] of product.entries()) expect(value).toBeCloseTo(y[i]!, 12); // some 1e-15 an operation
});

test.each(['terms', 'origin', 'kink'] as Summation[])(
  'summed by %s the exact values are the labels',
  (summation) => {
    const system = systemIn(RATIONAL, { x, b: placeBiases(x, 0.25), y });
    const w = [...solve(RATIONAL, hingeSum(RATIONAL, 'terms'), system, 'as computed')];
    const values = [...valuesOf(hingeSum(RATIONAL, summation), system, (i) => w[i]!)];
    expect(values).toEqual(Array.from(y, RATIONAL.of));
  },
);

test('at the predecessors the weights are differences of the slopes of the linear interpolation', () => {
  const system = systemIn(FLOAT64, { x, b: placeBiases(x), y });
  const slopes = [4 / 4, -5 / 4, 1 / 1, 7 / 8, 0];
  const differences = slopes.map((slope, i) => slope - (slopes[i - 1] ?? 0));
  expect([...solve(FLOAT64, hingeSum(FLOAT64, 'kink'), system, 'as computed')]).toEqual(differences);
});
