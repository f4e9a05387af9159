/** The number systems in which Theorem 1 is built and checked: one construction, handed an arithmetic. Every result is
 *  rounded once to the nearest number of the system; double-double.ts and rational.ts have the wider ones. */
export interface Arithmetic<T> {
  /** The nearest number of the system. */
  of(value: number): T;
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  multiply(a: T, b: T): T;
  divide(a: T, b: T): T;
  /** Below, equal to or above 0. */
  sign(a: T): number;
  /** The nearest float64. */
  toNumber(a: T): number;
}

/** IEEE binary64, unit roundoff 2⁻⁵³. */
export const FLOAT64: Arithmetic<number> = {
  of: (value) => value,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  sign: Math.sign,
  toNumber: (a) => a,
};

/** IEEE binary32, unit roundoff 2⁻²⁴. Rounding the float64 result once more gives the correctly rounded float32 one:
 *  53 ≥ 2·24 + 2 bits suffice for these four operations (Figueroa 1995). */
export const FLOAT32: Arithmetic<number> = {
  of: Math.fround,
  add: (a, b) => Math.fround(a + b),
  subtract: (a, b) => Math.fround(a - b),
  multiply: (a, b) => Math.fround(a * b),
  divide: (a, b) => Math.fround(a / b),
  sign: Math.sign,
  toNumber: (a) => a,
};
