/** The least-norm interpolant by direct solve, W = Xᵀα with Kα = y and K = XXᵀ (Section 5), and the projection onto the
 *  span of the data. All in float64; n³/6 + n²d/2 multiply-adds. */
import { Failure } from '../failure/failure.ts';
import { combined, outputsOf, type Sample } from './sample.ts';

export interface Gram {
  sample: Sample;
  /** XXᵀ: float64 [n, n] */
  matrix: Float64Array;
  /** Its Cholesky factor, lower triangular: float64 [n, n] */
  factor: Float64Array;
}

/** What is left of a diagonal, as a part of it, that is rounding alone. */
const ROUNDING = 1e-12;

/** Fails with InvalidInput where some labels would have no interpolant. */
export function gramOf(sample: Sample): Gram {
  const { n, d, x } = sample;
  if (n >= d) {
    throw new Failure(
      'InvalidInput',
      `${count(n)} points in ${count(d)} dimensions leave a linear model no choice of interpolant: take fewer than ${count(d)} points.`,
    );
  }
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += x[i * d + k]! * x[j * d + k]!;
      matrix[i * n + j] = sum;
      matrix[j * n + i] = sum;
    }
  }
  return { sample, matrix, factor: cholesky(matrix, n) };
}

function cholesky(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      if (i > j) factor[i * n + j] = sum / factor[j * n + j]!;
      else if (sum > ROUNDING * matrix[i * n + i]!) factor[i * n + i] = Math.sqrt(sum);
      else throw dependent(i);
    }
  }
  return factor;
}

const dependent = (i: number) =>
  new Failure(
    'InvalidInput',
    `Point ${count(i)}, counted from 0, is a combination of those before it, such as a copy of one or a uniform image: ` +
      `its label cannot be chosen freely. Take at most ${count(i)} points, or others.`,
  );

/** K⁻¹y: float64 [n, m]. */
export function solve({ sample: { n }, factor }: Gram, y: Float64Array): Float64Array {
  const m = y.length / n;
  const solved = y.slice();
  const subtract = (i: number, j: number, value: number) => {
    for (let c = 0; c < m; c++) solved[i * m + c]! -= value * solved[j * m + c]!;
  };
  const divide = (i: number) => {
    for (let c = 0; c < m; c++) solved[i * m + c]! /= factor[i * n + i]!;
  };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) subtract(i, j, factor[i * n + j]!);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) subtract(i, j, factor[j * n + i]!);
    divide(i);
  }
  return solved;
}

/** float64 [d, m] of labels [n, m]; once refined, which brings the solution to the rounding of its own residual. */
export function leastNorm(gram: Gram, y: Float64Array): Float64Array {
  const first = combined(gram.sample, solve(gram, y));
  const rest = outputsOf(gram.sample, first).map((value, i) => y[i]! - value);
  const more = combined(gram.sample, solve(gram, rest));
  return first.map((value, i) => value + more[i]!);
}

/** The part of W that lies in the span of the points: XᵀK⁻¹XW, float64 [d, m]. */
export const withinSpan = (gram: Gram, weights: Float64Array): Float64Array =>
  leastNorm(gram, outputsOf(gram.sample, weights));

/** By power iteration from the row sums; from below, within a part in a million where the next one is not as close. */
export function largestEigenvalue({ sample: { n }, matrix }: Gram): number {
  let vector = Float64Array.from({ length: n }, (_, i) =>
    matrix.subarray(i * n, (i + 1) * n).reduce((sum, value) => sum + Math.abs(value), 0),
  );
  let largest = 0;
  for (let round = 0; round < POWER_ROUNDS; round++) {
    const size = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    const unit = vector.map((value) => value / size);
    vector = unit.map((_, i) =>
      matrix.subarray(i * n, (i + 1) * n).reduce((sum, value, j) => sum + value * unit[j]!, 0),
    );
    largest = unit.reduce((sum, value, i) => sum + value * vector[i]!, 0);
  }
  return largest;
}

const POWER_ROUNDS = 100;

const count = (value: number) => value.toLocaleString('en-US');
