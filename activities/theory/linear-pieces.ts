/** A network of sorted hinges as the piecewise-linear function that it is, at any projection: O(n) once, then O(log n) a
 *  value. Summed from kink to kink in double-double, so that its errors are those of the weights. */
import { DOUBLE_DOUBLE, type DoubleDouble } from './double-double.ts';

/** b: ascending; w: float64 [n]. */
export function linearPieces(b: Float64Array, w: Float64Array): (x: number) => number {
  const { of, add, subtract, multiply, toNumber } = DOUBLE_DOUBLE;
  const values: DoubleDouble[] = []; // at the kinks
  const slopes: DoubleDouble[] = []; // behind them
  for (let j = 0; j < b.length; j++) {
    const gap = j === 0 ? of(0) : subtract(of(b[j]!), of(b[j - 1]!));
    values.push(j === 0 ? of(0) : add(values[j - 1]!, multiply(slopes[j - 1]!, gap)));
    slopes.push(add(slopes[j - 1] ?? of(0), of(w[j]!)));
  }
  return (x) => {
    const j = lastAtMost(b, x);
    return j < 0 ? 0 : toNumber(add(values[j]!, multiply(slopes[j]!, subtract(of(x), of(b[j]!)))));
  };
}

/** Index of the last entry of the ascending b that is no larger than x; −1 where there is none. */
function lastAtMost(b: Float64Array, x: number): number {
  let [low, high] = [0, b.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (b[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
