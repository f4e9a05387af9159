/** The triangular system of Theorem 1 without its n × n matrix. Sorted projections x and biases b interleave,
 *    b₁ < x₁ ≤ b₂ < x₂ ≤ … ≤ bₙ < xₙ,
 *  so A = [max(xᵢ − bⱼ, 0)] is lower triangular with a positive diagonal, and w = A⁻¹y comes by forward substitution
 *  over running sums: O(n) time.
 *
 *  Where in its gap a bias sits is open in the paper, and decides whether floats survive. With bᵢ = xᵢ − f·(xᵢ − xᵢ₋₁)
 *  the slope before the bias runs on over the part 1 − f of the gap and has to be undone over the part f, so an error in
 *  one slope comes back in the next one −(1 − f)/f times: f = 1/4 triples it at every point (float64 overflows after
 *  646 points), f = 1/2 keeps it for ever, f = 1, the bias at the predecessor itself, forgets it. The function is then the linear
 *  interpolation: no function through the sample has a smaller Lipschitz constant, Lemma 1's smallest diagonal entry is
 *  the largest possible, biases are projections and need no rounding, and slopes telescope to quotients of single gaps,
 *  which is what keeps exact weights short. The paper asks for bᵢ > xᵢ₋₁; equality leaves the same zeros in A. */
import type { Arithmetic } from './arithmetic.ts';
import type { HingeSum } from './hinge-sum.ts';

/** Biases at the predecessors. */
export const WHOLE_GAP = 1;

/** x: ascending, distinct. gapFraction: f in (0, 1]. The first point has no gap: it gets the mean one, rounded to a power
 *  of two so that whole projections get whole biases. float64 [n]. */
export function placeBiases(x: Float64Array, gapFraction = WHOLE_GAP): Float64Array {
  const before = x[0]! - leadingGap(x);
  return x.map((value, i) => {
    const previous = i === 0 ? before : x[i - 1]!;
    return gapFraction === WHOLE_GAP ? previous : value - gapFraction * (value - previous);
  });
}

function leadingGap(x: Float64Array): number {
  const last = x.length - 1;
  const mean = last === 0 ? 1 : x[last]! / last - x[0]! / last;
  const visible = Math.abs(x[0]!) * 2 ** -51; // four units in the last place: less might round away
  return 2 ** Math.round(Math.log2(Math.max(mean, visible)));
}

export interface Lemma1 {
  /** Every entry above the diagonal is 0, every one on it positive: A has full rank. */
  triangular: boolean;
  /** minᵢ (xᵢ − bᵢ): by Lemma 1 the smallest eigenvalue of A. It bounds no error: A is far from normal. */
  smallestDiagonal: number;
}

/** x, b: float64 [n], in order. An entry above the diagonal is max(xᵢ − bⱼ, 0) with bⱼ ≥ bᵢ₊₁, so neighbours decide. */
export function checkLemma1(x: Float64Array, b: Float64Array): Lemma1 {
  let smallestDiagonal = Number.POSITIVE_INFINITY;
  let zerosAbove = true;
  for (let i = 0; i < x.length; i++) {
    smallestDiagonal = Math.min(smallestDiagonal, x[i]! - b[i]!);
    if (i > 0 && b[i]! < x[i - 1]!) zerosAbove = false;
  }
  return { triangular: zerosAbove && smallestDiagonal > 0, smallestDiagonal };
}

/** The system in some arithmetic, its numbers by their place. */
export interface System<T> {
  n: number;
  x(i: number): T;
  b(i: number): T;
  y(i: number): T;
}

/** A system of float64 numbers, each rounded to the arithmetic when it is asked for. */
export function systemIn<T>(
  { of }: Arithmetic<T>,
  { x, b, y }: { x: Float64Array; b: Float64Array; y: Float64Array },
): System<T> {
  return { n: x.length, x: (i) => of(x[i]!), b: (i) => of(b[i]!), y: (i) => of(y[i]!) };
}

/** How a weight is kept: exactly as it was computed, or rounded to what a file of weights holds. */
export type Storage = 'as computed' | 'float64' | 'float32';

/** w₁, w₂, … by forward substitution. A weight is rounded to its storage before the next one is computed, so each makes
 *  up for the rounding of all before it, as far as the sum sees it: in exact or compensated sums the error of the
 *  function at xᵢ is the rounding of wᵢ alone. */
export function* solve<T>(
  arithmetic: Arithmetic<T>,
  sum: HingeSum<T>,
  { n, x, b, y }: System<T>,
  storage: Storage,
): Generator<T> {
  for (let i = 0; i < n; i++) {
    const [xi, bi] = [x(i), b(i)];
    const missing = arithmetic.subtract(y(i), sum.at(xi));
    const w = stored(arithmetic, arithmetic.divide(missing, arithmetic.subtract(xi, bi)), storage);
    sum.add(w, bi);
    yield w;
  }
}

export function stored<T>({ of, toNumber }: Arithmetic<T>, w: T, storage: Storage): T {
  if (storage === 'as computed') return w;
  return of(storage === 'float64' ? toNumber(w) : Math.fround(toNumber(w)));
}

/** c(x₁), c(x₂), … of the network with the weights w, given in order. */
export function* valuesOf<T>(sum: HingeSum<T>, { n, x, b }: System<T>, w: (i: number) => T): Generator<T> {
  for (let i = 0; i < n; i++) {
    sum.add(w(i), b(i));
    yield sum.at(x(i));
  }
}

/** The weights as plain numbers: float64 [n]. */
export function weightsAsNumbers<T>(
  arithmetic: Arithmetic<T>,
  sum: HingeSum<T>,
  system: System<T>,
  storage: Storage,
): Float64Array {
  const w = new Float64Array(system.n);
  let i = 0;
  for (const weight of solve(arithmetic, sum, system, storage)) w[i++] = arithmetic.toNumber(weight);
  return w;
}
