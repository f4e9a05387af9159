/** Theorem 1 (Section 4): for any n distinct points in d dimensions and any labels there is a two-layer ReLU network
 *  with 2n + d weights that outputs every label,
 *    c(z) = Σⱼ wⱼ·max(⟨a, z⟩ − bⱼ, 0),   a ∈ R^d, b, w ∈ R^n.
 *  Built here in O(nd + n log n) time and O(n) memory beside a block of points: one pass over the data, a sort, two
 *  sums of n hinges. Weights are float64, computed in double-double sums, which costs little beside the pass and leaves
 *  an error near 1e-11 in the weights themselves where plain sums leave 1e-6 (n = 50,000; rounding.ts measures it). */
import { Failure } from '../failure/failure.ts';
import type { Stream } from '../random/stream.ts';
import { FLOAT64 } from './arithmetic.ts';
import { drawSeparating } from './distinct-projection.ts';
import { DOUBLE_DOUBLE } from './double-double.ts';
import { hingeSum } from './hinge-sum.ts';
import type { ProjectionKind } from './projection.ts';
import { largestErrorIn } from './rounding.ts';
import type { Sample } from './sample.ts';
import type { Pair } from './separation.ts';
import { checkLemma1, type Lemma1, placeBiases, systemIn, weightsAsNumbers } from './triangle.ts';

/** The 2n + d weights, n the number of distinct points. */
export interface Network {
  /** float64 [d] */
  a: Float64Array;
  /** Ascending: float64 [n]. */
  b: Float64Array;
  /** float64 [n] */
  w: Float64Array;
}

export interface Theorem1 {
  network: Network;
  weights: number;
  /** The first of the points with each projection: uint32 [n]. */
  points: Uint32Array;
  /** Their projections, ascending, and their labels: float64 [n]. */
  x: Float64Array;
  y: Float64Array;
  /** Points that are an earlier point again, with its label: they share its hinge. */
  merged: Pair[];
  /** How many projections were drawn until one told all points apart. */
  draws: number;
  lemma1: Lemma1;
  /** Of |c(zᵢ) − yᵢ| over the sample, evaluated in float64 and in double-double. */
  largestError: { float64: number; doubleDouble: number };
}

export interface Theorem1Request {
  sample: Sample;
  /** Real numbers [n]. */
  labels: ArrayLike<number>;
  projection: ProjectionKind;
  /** Where the projection is drawn from. */
  draw: Stream;
}

/** Equal points with different labels, labels and coordinates that are not finite, and samples whose points no drawn
 *  projection tells apart are refused. */
export async function buildTheorem1(request: Theorem1Request): Promise<Theorem1> {
  const { sample, labels, projection } = request;
  checkLabels(labels, sample.n);
  const { a, draws, separated } = await drawSeparating(sample, projection, request.draw);
  const { x, first, tied } = separated;
  checkAgreement(tied, labels);
  const y = Float64Array.from(first, (point) => labels[point]!);
  const b = placeBiases(x);
  const storage = projection === 'integers-24' ? 'float32' : 'float64';
  const sum = hingeSum(DOUBLE_DOUBLE, 'kink');
  const w = weightsAsNumbers(DOUBLE_DOUBLE, sum, systemIn(DOUBLE_DOUBLE, { x, b, y }), storage);
  const network = { a, b, w };
  return {
    network,
    weights: countWeights(network),
    points: first,
    x,
    y,
    merged: tied,
    draws,
    lemma1: checkLemma1(x, b),
    largestError: {
      float64: largestErrorIn(FLOAT64, { x, b, y }, w),
      doubleDouble: largestErrorIn(DOUBLE_DOUBLE, { x, b, y }, w),
    },
  };
}

export const countWeights = ({ a, b, w }: Network): number => a.length + b.length + w.length;

/** c(z) as the formula says, at any point: O(n + d). */
export function evaluate({ a, b, w }: Network, z: ArrayLike<number>): number {
  const x = a.reduce((sum, coefficient, j) => sum + coefficient * z[j]!, 0);
  return w.reduce((sum, weight, j) => sum + weight * Math.max(x - b[j]!, 0), 0);
}

function checkLabels(labels: ArrayLike<number>, n: number): void {
  if (n < 1) throw new Failure('InvalidInput', 'The sample has no points, expected at least one.');
  if (labels.length !== n) {
    throw new Failure(
      'InvalidInput',
      `There are ${labels.length} labels, expected one for each of ${n} points.`,
    );
  }
  for (let point = 0; point < n; point++) {
    if (Number.isFinite(labels[point])) continue;
    throw new Failure(
      'InvalidInput',
      `The label of point ${point} is ${labels[point]}, expected a finite number.`,
    );
  }
}

/** tied: pairs of equal points. */
function checkAgreement(tied: Pair[], labels: ArrayLike<number>): void {
  const clashes = tied.filter(([first, same]) => labels[first] !== labels[same]);
  if (clashes.length === 0) return;
  const named = clashes
    .slice(0, 3)
    .map(([first, same]) => `${first} and ${same} (labels ${labels[first]} and ${labels[same]})`);
  const more = clashes.length > named.length ? `, and ${clashes.length - named.length} more pairs` : '';
  throw new Failure(
    'InvalidInput',
    `Equal points have different labels: ${named.join(', ')}${more}. A function has one value at a point: give equal ` +
      'points one label, or leave one of them out.',
  );
}
