/** Corollary 1's networks for several depths: counted whole, and tried on points of the sample in float64 and in
 *  double-double, hinge by hinge. O(n) a point and depth, so a large sample is tried on some of its points, evenly spread
 *  over the projections, the last one among them, which passes all hinges. At n = 50,000 a depth takes about a second. */
import { type Arithmetic, FLOAT64 } from './arithmetic.ts';
import { deepNetwork } from './corollary-1.ts';
import { DOUBLE_DOUBLE } from './double-double.ts';
import { countLayers, forward } from './layers.ts';
import { pointsAt, type Sample } from './sample.ts';
import type { Theorem1 } from './theorem-1.ts';

export const DEPTHS = [2, 3, 4, 8, 16, 32];

const HINGES_PASSED = 5_000_000; // a depth; all points up to n = 2,236, 100 of 50,000

export interface DeepNetwork {
  k: number;
  depth: number;
  width: number;
  weights: number;
  /** Points that it was tried on. */
  evaluated: number;
  /** Largest |c(zᵢ) − yᵢ| over these. */
  largestError: { float64: number; doubleDouble: number };
}

/** sample: that the theorem was built on. */
export async function* measureDepths(
  theorem: Theorem1,
  sample: Sample,
  depths: number[] = DEPTHS,
): AsyncGenerator<DeepNetwork> {
  const n = theorem.x.length;
  const evaluated = Math.min(n, Math.ceil(HINGES_PASSED / n));
  const places = Array.from({ length: evaluated }, (_, i) => Math.floor(((i + 1) * n) / evaluated) - 1);
  const coordinates = await pointsAt(
    sample,
    places.map((place) => theorem.points[place]!),
  );
  const pointAt = (point: number) => coordinates.get(point)!;
  for (const k of depths) {
    const { depth, width, weights } = countLayers(FLOAT64, layersOf(FLOAT64, theorem, k));
    const float64 = largestErrorOf(FLOAT64, theorem, k, places, pointAt);
    const doubleDouble = largestErrorOf(DOUBLE_DOUBLE, theorem, k, places, pointAt);
    yield { k, depth, width, weights, evaluated, largestError: { float64, doubleDouble } };
  }
}

function layersOf<T>({ of, ...rest }: Arithmetic<T>, { network: { a, b, w } }: Theorem1, k: number) {
  const hinges = Array.from(b, (bias, j) => ({ b: of(bias), w: of(w[j]!) }));
  return deepNetwork({ of, ...rest }, Array.from(a, of), hinges, k);
}

function largestErrorOf<T>(
  arithmetic: Arithmetic<T>,
  theorem: Theorem1,
  k: number,
  places: number[],
  pointAt: (point: number) => ArrayLike<number>,
): number {
  const { of, subtract, toNumber } = arithmetic;
  const layers = layersOf(arithmetic, theorem, k);
  const errors = places.map((i) => {
    const [output] = forward(arithmetic, layers, Array.from(pointAt(theorem.points[i]!), of));
    return Math.abs(toNumber(subtract(output!, of(theorem.y[i]!))));
  });
  return Math.max(...errors);
}
