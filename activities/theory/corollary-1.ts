/** Corollary 1 (Section 4): for every k ≥ 2 a ReLU network of depth k, width O(n/k) and O(n + d) weights represents any
 *  labelling of n points in d dimensions. Here: width at most ⌈n/(k − 1)⌉ + 3, at most 3n + d + 5k weights, all of them
 *  explicit, and the same function as Theorem 1's network, at every point of R^d and not on the sample alone.
 *
 *  The sum Σⱼ wⱼ·max(x − bⱼ, 0) is split over the k − 1 hidden layers, each of which holds the next n/(k − 1) hinges and
 *  hands on three units:
 *    t = max(x − b₁, 0)        the projection. No bias lies below b₁, so max(x − bⱼ, 0) = max(t − (bⱼ − b₁), 0).
 *    p = Σ wⱼ·max(x − bⱼ, 0)   over hinges of earlier layers with positive weights,
 *    q = Σ |wⱼ|·max(x − bⱼ, 0) over those with negative ones. Neither is ever below 0: the ReLU lets them through.
 *  The last layer adds p − q and its own hinges. No unit multiplies others, nothing is approximated.
 *
 *  The paper gives each layer an interval of projections instead and picks one layer's answer by an indicator of
 *  constant size: between intervals such an indicator ramps over some width, and picking multiplies it with an answer,
 *  which ReLUs only approximate. Width and number of weights are the same in the order.
 *
 *  Depth counts as in Theorem 1: layers with a ReLU and the output. The projection d → 1 in front has none and is the
 *  common factor of the first layer's weights (its matrix has rank one), which is what O(n + d) weights need at all. */
import { Failure } from '../failure/failure.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { Connection, Layer, Unit } from './layers.ts';

/** A hinge w·max(x − b, 0). */
export interface Hinge<T> {
  b: T;
  w: T;
}

/** a: [d]; hinges: [n], in ascending order of their biases. */
export function deepNetwork<T>(arithmetic: Arithmetic<T>, a: T[], hinges: Hinge<T>[], k: number): Layer<T>[] {
  if (!Number.isInteger(k) || k < 2) {
    throw new Failure(
      'InvalidInput',
      `A network of depth ${k} cannot be built, expected a whole number from 2 on.`,
    );
  }
  const zero = arithmetic.of(0);
  const projection = { bias: zero, connections: a.map((kernel, from) => ({ from, kernel })) };
  const layers: Layer<T>[] = [{ inputs: a.length, activation: 'none', units: [projection] }];
  let arriving: HandedOn<T> = { x: { unit: 0, less: zero }, p: [], q: [] };
  for (const share of split(hinges, k - 1)) {
    const isLast = layers.length === k - 1;
    const { units, leaving } = hiddenLayer(arithmetic, share, arriving, isLast ? null : hinges[0]!.b);
    layers.push({ inputs: layers.at(-1)!.units.length, activation: 'relu', units });
    arriving = leaving;
  }
  const difference = [...arriving.p, ...negated(arithmetic, arriving.q)];
  const inputs = layers.at(-1)!.units.length;
  return [...layers, { inputs, activation: 'none', units: [{ bias: zero, connections: difference }] }];
}

/** In order, sizes that differ by one at most. */
function split<T>(items: T[], parts: number): T[][] {
  const start = (part: number) => Math.ceil((part * items.length) / parts);
  return Array.from({ length: parts }, (_, part) => items.slice(start(part), start(part + 1)));
}

/** What a layer leaves to the next one. */
interface HandedOn<T> {
  /** The unit that is x less something. */
  x: { unit: number; less: T };
  /** What p and q are sums of. */
  p: Connection<T>[];
  q: Connection<T>[];
}

/** firstBias: b₁, or null for the last hidden layer, which needs no t. */
function hiddenLayer<T>(
  arithmetic: Arithmetic<T>,
  share: Hinge<T>[],
  { x, p, q }: HandedOn<T>,
  firstBias: T | null,
): { units: Unit<T>[]; leaving: HandedOn<T> } {
  const { of, subtract, sign } = arithmetic;
  const [zero, one] = [of(0), of(1)]; // shared by all units
  const units: Unit<T>[] = [];
  const add = (unit: Unit<T>) => units.push(unit) - 1; // -> its place
  const xLess = (b: T) => add({ bias: subtract(x.less, b), connections: [{ from: x.unit, kernel: one }] });
  const passedOn = (terms: Connection<T>[]) =>
    terms.length > 0 ? [{ from: add({ bias: zero, connections: terms }), kernel: one }] : [];

  const [earlierP, earlierQ] = [passedOn(p), passedOn(q)];
  const own = share.map(({ b, w }) => ({ from: xLess(b), kernel: w }));
  const leaving = {
    x: firstBias === null ? x : { unit: xLess(firstBias), less: firstBias },
    p: [...earlierP, ...own.filter(({ kernel }) => sign(kernel) > 0)],
    q: [
      ...earlierQ,
      ...negated(
        arithmetic,
        own.filter(({ kernel }) => sign(kernel) < 0),
      ),
    ],
  };
  return { units, leaving };
}

const negated = <T>({ of, subtract }: Arithmetic<T>, connections: Connection<T>[]): Connection<T>[] =>
  connections.map(({ from, kernel }) => ({ from, kernel: subtract(of(0), kernel) }));
