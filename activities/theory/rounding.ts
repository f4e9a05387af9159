/** What floating point does to Theorem 1: the largest error over the sample against n, by arithmetic, by where the
 *  biases sit in their gaps, and by the order of summation. Weights are computed and the network is evaluated in the
 *  same arithmetic; double-double keeps its weights in float64 and only sums in more. */
import { type Arithmetic, FLOAT32, FLOAT64 } from './arithmetic.ts';
import { DOUBLE_DOUBLE } from './double-double.ts';
import { hingeSum, type Summation } from './hinge-sum.ts';
import { separate } from './separation.ts';
import { placeBiases, systemIn, valuesOf, weightsAsNumbers } from './triangle.ts';

export type Precision = 'float32' | 'float64' | 'double-double';

export interface Setting {
  precision: Precision;
  /** Of the gap before a point, the part behind its bias (triangle.ts). */
  gapFraction: number;
  summation: Summation;
}

export interface Errors {
  /** maxᵢ |c(zᵢ) − yᵢ|; Infinity where a value is not a finite number. */
  largestError: number;
  /** Points with an error of 1/2 or more: the nearest class is another one. */
  wrong: number;
}

export interface RoundingError extends Setting {
  n: number;
  /** Evaluated the way the weights were computed, in the same order. */
  asComputed: Errors;
  /** Of the function that these weights are, summed in double-double. A weight makes up for what rounding did to the sum
   *  before it: another order of summation brings that back. */
  ofWeights: Errors;
  /** The first point, in the order of projections, whose weight is not a finite number; null where all are. */
  overflowsAt: number | null;
}

/** The first n points of the sample, for every n and setting. projections, labels: of distinct points, in their order. */
export function* errorAgainstN(
  { projections, labels }: { projections: Float64Array; labels: Float64Array },
  sizes: number[],
  settings: Setting[],
): Generator<RoundingError> {
  for (const n of sizes) {
    const { x, first } = separate(projections.subarray(0, n));
    const y = Float64Array.from(first, (point) => labels[point]!);
    for (const setting of settings) yield { n, ...setting, ...measure({ x, y }, setting) };
  }
}

/** The smallest measured n at which a class is lost, or null. */
export function firstFailure(errors: RoundingError[], by: 'asComputed' | 'ofWeights'): number | null {
  const failed = errors.filter((error) => error[by].wrong > 0).map(({ n }) => n);
  return failed.length > 0 ? Math.min(...failed) : null;
}

/** maxᵢ |c(zᵢ) − yᵢ| for given weights, summed from kink to kink in the arithmetic. */
export function largestErrorIn<T>(arithmetic: Arithmetic<T>, sample: Sorted, w: Float64Array): number {
  return summarise(errorsIn(arithmetic, 'kink', sample, w)).largestError;
}

interface Sorted {
  x: Float64Array;
  b: Float64Array;
  y: Float64Array;
}

function measure(
  points: { x: Float64Array; y: Float64Array },
  { precision, gapFraction, summation }: Setting,
) {
  const sample = { ...points, b: placeBiases(points.x, gapFraction) };
  switch (precision) {
    case 'float32':
      return measureIn(FLOAT32, summation, sample);
    case 'float64':
      return measureIn(FLOAT64, summation, sample);
    case 'double-double':
      return measureIn(DOUBLE_DOUBLE, summation, sample);
  }
}

function measureIn<T>(arithmetic: Arithmetic<T>, summation: Summation, sample: Sorted) {
  const sum = hingeSum(arithmetic, summation);
  const w = weightsAsNumbers(arithmetic, sum, systemIn(arithmetic, sample), 'float64');
  const overflow = w.findIndex((weight) => !Number.isFinite(weight));
  return {
    asComputed: summarise(errorsIn(arithmetic, summation, sample, w)),
    ofWeights: summarise(errorsIn(DOUBLE_DOUBLE, 'kink', roundedTo(arithmetic, sample), w)),
    overflowsAt: overflow < 0 ? null : overflow,
  };
}

function roundedTo<T>({ of, toNumber }: Arithmetic<T>, { x, b, y }: Sorted): Sorted {
  const rounded = (values: Float64Array) => values.map((value) => toNumber(of(value)));
  return { x: rounded(x), b: rounded(b), y: rounded(y) };
}

function* errorsIn<T>(
  arithmetic: Arithmetic<T>,
  summation: Summation,
  sample: Sorted,
  w: Float64Array,
): Generator<number> {
  const system = systemIn(arithmetic, sample);
  const values = valuesOf(hingeSum(arithmetic, summation), system, (i) => arithmetic.of(w[i]!));
  let i = 0;
  for (const value of values) yield Math.abs(arithmetic.toNumber(arithmetic.subtract(value, system.y(i++))));
}

const HALF_A_CLASS = 0.5;

export function summarise(errors: Iterable<number>): Errors {
  let largestError = 0;
  let wrong = 0;
  for (const error of errors) {
    if (!(error < HALF_A_CLASS)) wrong++;
    largestError = Math.max(largestError, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }
  return { largestError, wrong };
}
