/** Σⱼ wⱼ·max(x − bⱼ, 0) over hinges that come in ascending order of their biases, at points to the right of all of
 *  them: what forward substitution and evaluation on the sorted sample both need. Three orders of summation, equal in
 *  exact arithmetic. In floats, when weights are computed and evaluated in one order (50,000 normal projections, labels
 *  0 … 9, float64, biases at the predecessors; largest error):
 *    terms   hinge by hinge, as a network computes it; O(n) a value, so not measured that far
 *    origin  x·Σwⱼ − Σwⱼbⱼ; O(1) a value; 2e-7: both products are slope · |x|, and nearly cancel
 *    kink    value and slope at the last kink, carried on from kink to kink; O(1) a value; 5e-11: nothing is larger than
 *            the labels but a slope, and that is multiplied by a gap */
import type { Arithmetic } from './arithmetic.ts';

export type Summation = 'terms' | 'origin' | 'kink';

export interface HingeSum<T> {
  /** The hinge w·max(x − b, 0) joins; b is no smaller than any before. */
  add(w: T, b: T): void;
  /** The sum at an x no smaller than any bias so far. */
  at(x: T): T;
}

export function hingeSum<T>(arithmetic: Arithmetic<T>, summation: Summation): HingeSum<T> {
  return SUMMATIONS[summation](arithmetic);
}

const SUMMATIONS = { terms: byTerms, origin: aboutTheOrigin, kink: aboutTheLastKink };

function byTerms<T>({ of, add, subtract, multiply }: Arithmetic<T>): HingeSum<T> {
  const hinges: [w: T, b: T][] = [];
  return {
    add: (w, b) => hinges.push([w, b]),
    at: (x) => hinges.reduce((sum, [w, b]) => add(sum, multiply(w, subtract(x, b))), of(0)),
  };
}

function aboutTheOrigin<T>({ of, add, subtract, multiply }: Arithmetic<T>): HingeSum<T> {
  let slope = of(0);
  let offset = of(0); // Σ wⱼbⱼ
  return {
    add(w, b) {
      slope = add(slope, w);
      offset = add(offset, multiply(w, b));
    },
    at: (x) => subtract(multiply(x, slope), offset),
  };
}

function aboutTheLastKink<T>({ of, add, subtract, multiply }: Arithmetic<T>): HingeSum<T> {
  let kink = of(0);
  let value = of(0);
  let slope = of(0);
  const at = (x: T) => add(value, multiply(slope, subtract(x, kink)));
  return {
    add(w, b) {
      value = at(b);
      kink = b;
      slope = add(slope, w);
    },
    at,
  };
}
