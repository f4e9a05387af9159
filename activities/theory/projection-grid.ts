/** How the choice of the projection moves the point where floats fail: the largest error over the sample's first points,
 *  by projection, arithmetic and place of the biases. The projection is computed in the arithmetic too, and once more with
 *  its terms in the reverse order, as another machine may add them up: the network multiplies the difference by its
 *  slopes, up to the range of the labels over the smallest gap.
 *
 *  What it shows, and why the construction takes whole numbers of 53 bits and biases at the predecessors: on bytes their
 *  sums are exact, so that no order moves a projection; those of a Gaussian or a unit vector, which differ by a factor
 *  alone and fail together, are rounded. Whole numbers of 24 bits are exact in float32 as well, but meet from some
 *  hundreds of points on; one coordinate has 256 values, and by the birthday paradox two of some twenty points share one.
 *  Some 4 seconds for 5,000 points of 3,072 dimensions. */
import type { Stream } from '../random/stream.ts';
import { type Arithmetic, FLOAT32, FLOAT64 } from './arithmetic.ts';
import { DOUBLE_DOUBLE } from './double-double.ts';
import { hingeSum } from './hinge-sum.ts';
import { linearPieces } from './linear-pieces.ts';
import { drawProjection, type ProjectionKind, project } from './projection.ts';
import { type Errors, type Precision, summarise } from './rounding.ts';
import { firstPoints, pointsOf, type Sample } from './sample.ts';
import { separate } from './separation.ts';
import { placeBiases, systemIn, WHOLE_GAP, weightsAsNumbers } from './triangle.ts';

const PROJECTIONS: ProjectionKind[] = ['integers-53', 'integers-24', 'gaussian', 'unit-vector', 'coordinate'];
const GAP_FRACTIONS = [1 / 4, 1 / 2, 9 / 10, WHOLE_GAP];
const POINTS = 5000;

export interface ProjectionError {
  n: number;
  projection: ProjectionKind;
  precision: Precision;
  gapFraction: number;
  /** At the projections that the weights were computed from, and at those with the terms in the reverse order. Points
   *  that meet have one value, and so the errors of different labels. */
  sameOrder: Errors;
  reverseOrder: Errors;
}

/** labels: [n]; draw: the same stream for every kind, so that a unit vector is the Gaussian one. Yields the rows of a projection and arithmetic together. */
export async function* measureProjections(
  sample: Sample,
  labels: ArrayLike<number>,
  draw: () => Stream,
): AsyncGenerator<ProjectionError[]> {
  const points = firstPoints(sample, POINTS);
  for (const projection of PROJECTIONS) {
    const a = drawProjection(projection, points, draw());
    for (const precision of ['float32', 'float64', 'double-double'] as const) {
      const x = await projectionsIn(precision, points, a);
      yield sizesUpTo(points.n).flatMap((n) =>
        GAP_FRACTIONS.map((gapFraction) => {
          const errors = errorsIn(precision, x, labels, { n, gapFraction });
          return { n, projection, precision, gapFraction, ...errors };
        }),
      );
    }
  }
}

/** 10, 20, 50, 100, … and n itself. */
export function sizesUpTo(n: number): number[] {
  const decades = Array.from({ length: Math.ceil(Math.log10(n + 1)) }, (_, i) => 10 ** (i + 1));
  const round = decades.flatMap((ten) => [ten, 2 * ten, 5 * ten]);
  return [...round.filter((size) => size < n), n];
}

type Where = Pick<ProjectionError, 'n' | 'gapFraction'>;

interface TwoOrders {
  forward: Float64Array;
  reverse: Float64Array;
}

async function projectionsIn(precision: Precision, sample: Sample, a: Float64Array): Promise<TwoOrders> {
  if (precision !== 'float32' && sample.whole && a.every(Number.isInteger)) {
    const exact = await project(sample, a);
    return { forward: exact, reverse: exact };
  }
  return precision === 'double-double'
    ? inBothOrders(DOUBLE_DOUBLE, sample, a)
    : inBothOrders(precision === 'float32' ? FLOAT32 : FLOAT64, sample, a);
}

async function inBothOrders<T>(
  arithmetic: Arithmetic<T>,
  sample: Sample,
  a: Float64Array,
): Promise<TwoOrders> {
  const { of, add, multiply, toNumber } = arithmetic;
  const coefficients = Array.from(a, of);
  const [forward, reverse] = [new Float64Array(sample.n), new Float64Array(sample.n)];
  for await (const [i, point] of pointsOf(sample)) {
    let [up, down] = [of(0), of(0)];
    for (let j = 0, k = a.length - 1; k >= 0; j++, k--) {
      up = add(up, multiply(coefficients[j]!, of(point[j]!)));
      down = add(down, multiply(coefficients[k]!, of(point[k]!)));
    }
    forward[i] = toNumber(up);
    reverse[i] = toNumber(down);
  }
  return { forward, reverse };
}

function errorsIn(precision: Precision, ...of: [TwoOrders, ArrayLike<number>, Where]) {
  switch (precision) {
    case 'float32':
      return errorsOf(FLOAT32, ...of);
    case 'float64':
      return errorsOf(FLOAT64, ...of);
    case 'double-double':
      return errorsOf(DOUBLE_DOUBLE, ...of);
  }
}

function errorsOf<T>(
  arithmetic: Arithmetic<T>,
  projections: TwoOrders,
  labels: ArrayLike<number>,
  { n, gapFraction }: Where,
): Pick<ProjectionError, 'sameOrder' | 'reverseOrder'> {
  const { x, first } = separate(projections.forward.subarray(0, n));
  const y = Float64Array.from(first, (point) => labels[point]!);
  const rounded = ({ length }: Float64Array, at: (i: number) => T) =>
    Float64Array.from({ length }, (_, i) => arithmetic.toNumber(at(i)));
  const system = systemIn(arithmetic, { x, b: placeBiases(x, gapFraction), y });
  const w = weightsAsNumbers(arithmetic, hingeSum(arithmetic, 'kink'), system, 'float64');
  const network = linearPieces(rounded(x, system.b), w);
  const errorsAt = (places: Float64Array) =>
    summarise(Array.from({ length: n }, (_, i) => Math.abs(network(places[i]!) - labels[i]!)));
  return { sameOrder: errorsAt(projections.forward), reverseOrder: errorsAt(projections.reverse) };
}
