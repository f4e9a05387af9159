/** Compensated arithmetic: a number is the unevaluated sum of two float64, 106 bits in all. Error-free sums are Knuth's,
 *  error-free products Dekker's (1971), since JavaScript has no fused multiply-add; relative error of an operation at
 *  most about 2⁻¹⁰², as long as nothing leaves the range of float64 (factors below 2⁹⁹⁶). */
import type { Arithmetic } from './arithmetic.ts';

export interface DoubleDouble {
  high: number;
  /** At most half a unit in the last place of `high`. */
  low: number;
}

export const DOUBLE_DOUBLE: Arithmetic<DoubleDouble> = {
  of: (value) => ({ high: value, low: 0 }),
  add,
  subtract: (a, b) => add(a, negative(b)),
  multiply,
  divide,
  sign: ({ high }) => Math.sign(high),
  toNumber: ({ high }) => high,
};

function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = sum(a.high, b.high);
  const low = sum(a.low, b.low);
  const carried = quickSum(high.high, high.low + low.high);
  return quickSum(carried.high, carried.low + low.low);
}

function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const { high, low } = product(a.high, b.high);
  return quickSum(high, low + (a.high * b.low + a.low * b.high));
}

/** Long division: three quotient digits, each of the remainder that the ones before it leave. */
function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.high / b.high;
  let rest = add(a, negative(scaled(b, first)));
  const second = rest.high / b.high;
  rest = add(rest, negative(scaled(b, second)));
  const { high, low } = quickSum(first, second);
  return add({ high, low }, { high: rest.high / b.high, low: 0 });
}

const negative = ({ high, low }: DoubleDouble) => ({ high: -high, low: -low });

const scaled = (a: DoubleDouble, factor: number) => multiply(a, { high: factor, low: 0 });

/** a + b without error (Knuth's TwoSum). */
function sum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const shareOfB = high - a;
  return { high, low: a - (high - shareOfB) + (b - shareOfB) };
}

/** a + b without error where |a| ≥ |b| (Dekker's FastTwoSum). */
function quickSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  return { high, low: b - (high - a) };
}

const SPLITTER = 2 ** 27 + 1; // halves of 26 bits, whose products are exact

/** a·b without error (Dekker's TwoProduct). */
function product(a: number, b: number): DoubleDouble {
  const high = a * b;
  const [a1, a2] = halves(a);
  const [b1, b2] = halves(b);
  return { high, low: a1 * b1 - high + a1 * b2 + a2 * b1 + a2 * b2 };
}

function halves(a: number): [number, number] {
  const shifted = SPLITTER * a;
  const upper = shifted - (shifted - a);
  return [upper, a - upper];
}
