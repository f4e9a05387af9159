/** Theorem 1 without rounding: rational weights, and the network's output *equal* to every label. Cheap because of
 *  where the biases sit (triangle.ts): the slope behind bᵢ = xᵢ₋₁ is (yᵢ − yᵢ₋₁)/(xᵢ − xᵢ₋₁), whatever came before, so
 *  the running sums, though they are added up from the weights, come back to short fractions at every point. O(n)
 *  operations on numbers of some hundred bits. Beside it what remains of the error when weights are stored as floats
 *  and everything else stays exact. */
import { hingeSum } from './hinge-sum.ts';
import { dyadic, equal, fraction, RATIONAL, type Rational } from './rational.ts';
import { pointsOf, type Sample } from './sample.ts';
import type { Theorem1 } from './theorem-1.ts';
import { type Storage, type System, solve, stored, systemIn } from './triangle.ts';

/** Largest |c(zᵢ) − yᵢ| in exact sums, with weights of this storage. */
export interface StorageError {
  /** Every exact weight rounded by itself. */
  roundedAlone: number;
  /** Every weight computed after the rounding of those before it, and so making up for it. */
  roundedInTurn: number;
}

export interface ExactCheck {
  points: number;
  /** Points at which the output equals the label. */
  equal: number;
  /** Of the longest numerator or denominator of a weight. */
  largestBits: number;
  storage: { float64: StorageError; float32: StorageError };
}

const POINTS_BETWEEN = 500; // some tens of milliseconds

/** One pass, which keeps no weights: its memory does not grow with n. Yields how many points are done. */
export function* checkExactly(system: System<Rational>): Generator<number, ExactCheck> {
  const output = outputsOf(system);
  const storages = (['float64', 'float32'] as const).map((storage) => storageErrors(system, storage));
  let [points, equalPoints, largestBits] = [0, 0, 0];
  for (const w of solve(RATIONAL, hingeSum(RATIONAL, 'kink'), system, 'as computed')) {
    if (equal(output(points, w), system.y(points))) equalPoints++;
    largestBits = Math.max(largestBits, bits(w.numerator), bits(w.denominator));
    for (const { take } of storages) take(points, w);
    if (++points % POINTS_BETWEEN === 0) yield points;
  }
  const [float64, float32] = storages.map(({ errors }) => errors);
  return { points, equal: equalPoints, largestBits, storage: { float64: float64!, float32: float32! } };
}

/** (i, wᵢ) ↦ c(xᵢ), of hinges that are given in order. */
function outputsOf({ x, b }: System<Rational>): (i: number, w: Rational) => Rational {
  const sum = hingeSum(RATIONAL, 'kink');
  return (i, w) => {
    sum.add(w, b(i));
    return sum.at(x(i));
  };
}

/** What storing the weights costs, as they come. */
function storageErrors(system: System<Rational>, storage: Storage) {
  const errors: StorageError = { roundedAlone: 0, roundedInTurn: 0 };
  const [alone, inTurn] = [outputsOf(system), outputsOf(system)];
  const weightsInTurn = solve(RATIONAL, hingeSum(RATIONAL, 'kink'), system, storage);
  const errorAt = (i: number, value: Rational) =>
    Math.abs(RATIONAL.toNumber(RATIONAL.subtract(value, system.y(i))));
  return {
    errors,
    take(i: number, w: Rational) {
      const own = errorAt(i, alone(i, stored(RATIONAL, w, storage)));
      errors.roundedAlone = Math.max(errors.roundedAlone, own);
      const { value, done } = weightsInTurn.next();
      if (!done) errors.roundedInTurn = Math.max(errors.roundedInTurn, errorAt(i, inTurn(i, value)));
    },
  };
}

const bits = (value: bigint) => (value < 0n ? -value : value).toString(2).length;

/** The system of a network that was built, with projections ⟨a, z⟩ free of rounding. For whole points and a whole a
 *  they are already; otherwise the points are read again, at some tenths of a microsecond a coordinate. */
export async function exactSystem(sample: Sample, theorem: Theorem1): Promise<System<Rational>> {
  const { network, points, x, y } = theorem;
  if (sample.whole && network.a.every(Number.isInteger)) return systemIn(RATIONAL, { x, b: network.b, y });
  const projections = await exactProjections(sample, network.a);
  const sorted = [...points]
    .map((point, i) => ({ x: projections[point]!, y: RATIONAL.of(y[i]!) }))
    .sort((one, other) => RATIONAL.sign(RATIONAL.subtract(one.x, other.x)));
  const leading = RATIONAL.subtract(sorted[0]!.x, RATIONAL.of(x[0]! - network.b[0]!));
  return {
    n: sorted.length,
    x: (i) => sorted[i]!.x,
    b: (i) => (i === 0 ? leading : sorted[i - 1]!.x),
    y: (i) => sorted[i]!.y,
  };
}

async function exactProjections(sample: Sample, a: Float64Array): Promise<Rational[]> {
  const coefficients = commonExponent(a);
  const projections: Rational[] = [];
  for await (const [, point] of pointsOf(sample)) {
    const coordinates = commonExponent(point);
    const sum = coordinates.integers.reduce(
      (sum, integer, j) => sum + integer * coefficients.integers[j]!,
      0n,
    );
    const exponent = coordinates.exponent + coefficients.exponent;
    projections.push(exponent < 0n ? fraction(sum, 1n << -exponent) : fraction(sum << exponent, 1n));
  }
  return projections;
}

/** Floats as whole multiples of one power of two. */
function commonExponent(values: ArrayLike<number>): { integers: bigint[]; exponent: bigint } {
  const numbers = Array.from(values, dyadic);
  const exponent = numbers.reduce((least, number) => (number.exponent < least ? number.exponent : least), 0n);
  return { integers: numbers.map((number) => number.integer << (number.exponent - exponent)), exponent };
}
