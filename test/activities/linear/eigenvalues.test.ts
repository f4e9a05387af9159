import { expect, test } from 'vitest';
import { eigenvaluesOf } from '../../../activities/linear/eigenvalues.ts';
import { gramOf } from '../../../activities/linear/least-norm.ts';
import { stream } from '../../../activities/random/stream.ts';
import { furthest } from '../kernel/small.ts';
import { N, sample } from './small-images.ts';

const symmetric = (n: number, of: (i: number, j: number) => number) =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return of(Math.max(i, j), Math.min(i, j));
  });

test('the second difference on 60 places has 2 − 2·cos(kπ/61)', () => {
  const found = eigenvaluesOf(
    symmetric(60, (i, j) => (i === j ? 2 : i === j + 1 ? -1 : 0)),
    60,
  );
  const known = Array.from({ length: 60 }, (_, k) => 2 - 2 * Math.cos(((60 - k) * Math.PI) / 61));

  expect(furthest(found, known)).toBeLessThan(1e-13);
});

test('a matrix of ones has n, and zeros', () => {
  const found = eigenvaluesOf(new Float64Array(49).fill(1), 7);

  expect(furthest(found, [7, 0, 0, 0, 0, 0, 0])).toBeLessThan(1e-14);
});

test('a diagonal matrix has its diagonal, a matrix of one row its element, and zeros are zeros', () => {
  expect([
    ...eigenvaluesOf(
      symmetric(4, (i, j) => (i === j ? [3, -1, 5, 0][i]! : 0)),
      4,
    ),
  ]).toEqual([5, 3, 0, -1]);
  expect([...eigenvaluesOf(Float64Array.of(-2), 1)]).toEqual([-2]);
  expect([...eigenvaluesOf(new Float64Array(9), 3)]).toEqual([0, 0, 0]);
});

test('sums of the eigenvalues and of their squares are those of the matrix, whose input stays', () => {
  const { normal } = stream(1, 'linear-start');
  const values = Float64Array.from({ length: 50 * 50 }, () => normal());
  const matrix = symmetric(50, (i, j) => values[i * 50 + j]!);
  const before = matrix.slice();
  const found = eigenvaluesOf(matrix, 50);
  const trace = Array.from({ length: 50 }, (_, i) => matrix[i * 51]!).reduce((a, b) => a + b);

  expect(matrix).toEqual(before);
  expect(found.reduce((a, b) => a + b)).toBeCloseTo(trace, 10);
  expect(found.reduce((a, b) => a + b * b, 0)).toBeCloseTo(
    matrix.reduce((a, b) => a + b * b, 0),
    9,
  );
});

test('the same matrix gives the same bits, wherever it lies in memory', () => {
  const { matrix } = gramOf(sample);
  const shifted = new Float64Array(N * N + 1).subarray(1);
  shifted.set(matrix);

  expect(eigenvaluesOf(shifted, N)).toEqual(eigenvaluesOf(matrix, N));
});
