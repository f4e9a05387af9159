/** Exact arithmetic on fractions of whole numbers in lowest terms. A float64 is m·2^e, so every input is one; weights are
 *  quotients of inputs and need the denominators. What is verified in it is verified without any rounding. */
import type { Arithmetic } from './arithmetic.ts';

export interface Rational {
  numerator: bigint;
  /** Positive, without a common factor with the numerator. */
  denominator: bigint;
}

export const RATIONAL: Arithmetic<Rational> = {
  of: fromNumber,
  add: (a, b) => combined(a, b, a.numerator * b.denominator + b.numerator * a.denominator),
  subtract: (a, b) => combined(a, b, a.numerator * b.denominator - b.numerator * a.denominator),
  multiply: (a, b) => fraction(a.numerator * b.numerator, a.denominator * b.denominator),
  divide: (a, b) => fraction(a.numerator * b.denominator, a.denominator * b.numerator),
  sign: ({ numerator }) => (numerator > 0n ? 1 : numerator < 0n ? -1 : 0),
  toNumber,
};

export const equal = (a: Rational, b: Rational): boolean =>
  a.numerator === b.numerator && a.denominator === b.denominator;

/** numerator / denominator in lowest terms. */
export function fraction(numerator: bigint, denominator: bigint): Rational {
  if (denominator === 1n) return { numerator, denominator };
  if (denominator < 0n) return fraction(-numerator, -denominator);
  const common = greatestCommonDivisor(magnitude(numerator), denominator);
  return { numerator: numerator / common, denominator: denominator / common };
}

const combined = (a: Rational, b: Rational, numerator: bigint) =>
  fraction(numerator, a.denominator * b.denominator);

const magnitude = (a: bigint) => (a < 0n ? -a : a);

const WORD = BigInt(Number.MAX_SAFE_INTEGER);

/** Euclid's; the last steps, where both fit, on plain numbers. */
function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b > WORD || a > WORD) {
    if (b === 0n) return a;
    [a, b] = [b, a % b];
  }
  let [large, small] = [Number(a), Number(b)];
  while (small !== 0) [large, small] = [small, large % small];
  return BigInt(large);
}

const MANTISSA_BITS = 52n;
const LEAST_EXPONENT = 1074n; // the smallest float64 is 2⁻¹⁰⁷⁴
const EXPONENT_MASK = 0x7ffn;

/** The fraction that a finite float64 is. */
function fromNumber(value: number): Rational {
  if (Number.isSafeInteger(value)) return { numerator: BigInt(value), denominator: 1n };
  const { integer, exponent } = dyadic(value);
  return exponent < 0n
    ? fraction(integer, 1n << -exponent)
    : { numerator: integer << exponent, denominator: 1n };
}

const bits = new DataView(new ArrayBuffer(8));

/** A finite float64 as integer · 2^exponent, the integer below 2⁵³. */
export function dyadic(value: number): { integer: bigint; exponent: bigint } {
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const biased = (word >> MANTISSA_BITS) & EXPONENT_MASK;
  const mantissa = word & ((1n << MANTISSA_BITS) - 1n);
  const integer = biased === 0n ? mantissa : mantissa | (1n << MANTISSA_BITS); // subnormal: no hidden bit
  return {
    integer: value < 0 ? -integer : integer,
    exponent: (biased === 0n ? 1n : biased) - 1n - LEAST_EXPONENT,
  };
}

const QUOTIENT_BITS = 64; // more than the 53 of a float64, so that one sticky bit settles the rounding

/** The nearest float64, ties to even (within the normal range). */
function toNumber({ numerator, denominator }: Rational): number {
  if (denominator === 1n) return Number(numerator);
  const shift = QUOTIENT_BITS + bitLength(denominator) - bitLength(magnitude(numerator));
  const dividend = shift > 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift > 0 ? denominator : denominator << BigInt(-shift);
  const quotient = dividend / divisor; // toward zero
  const sticky = quotient * divisor === dividend ? 0n : numerator < 0n ? -1n : 1n;
  const nearest = Number(2n * quotient + sticky);
  return shift < 1000 ? nearest * 2 ** (-shift - 1) : nearest * 2 ** -1000 * 2 ** (999 - shift);
}

const bitLength = (a: bigint) => a.toString(16).length * 4;
