/** Points of a linear model with more weights than points, f(x) = Wᵀx, one column of W an output. */
import { whiten } from '../data/whiten.ts';

export interface Sample {
  n: number;
  d: number;
  /** float64 [n, d] */
  x: Float64Array;
}

/** Images as a network sees them (Appendix A), uncropped: each less its mean, in units of its deviation. Raw pixels
 *  would do, and take a hundred times the steps: what all images share is one huge eigenvalue. images: uint8 [n, d]. */
export function whitenedSample(images: Uint8Array, d: number): Sample {
  const n = images.length / d;
  const x = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    x.set(whiten(Float64Array.from(images.subarray(i * d, (i + 1) * d), (pixel) => pixel / 255)), i * d);
  }
  return { n, d, x };
}

/** XW: float64 [n, m] of W [d, m]. */
export function outputsOf({ n, d, x }: Sample, weights: Float64Array): Float64Array {
  const m = weights.length / d;
  const outputs = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    const own = outputs.subarray(i * m, (i + 1) * m);
    for (let k = 0; k < d; k++) addTimes(own, x[i * d + k]!, weights, k * m);
  }
  return outputs;
}

/** Xᵀβ: float64 [d, m] of β [n, m]. */
export function combined({ n, d, x }: Sample, beta: Float64Array): Float64Array {
  const m = beta.length / n;
  const weights = new Float64Array(d * m);
  for (let k = 0; k < d; k++) {
    const own = weights.subarray(k * m, (k + 1) * m);
    for (let i = 0; i < n; i++) addTimes(own, x[i * d + k]!, beta, i * m);
  }
  return weights;
}

/** own += factor · the as many elements of `from` that begin at `at`. */
function addTimes(own: Float64Array, factor: number, from: Float64Array, at: number): void {
  for (let c = 0; c < own.length; c++) own[c]! += factor * from[at + c]!;
}

/** Some columns of float64 [rows, m]: [rows, count]. */
export function columnsOf(
  values: Float64Array,
  m: number,
  { first, count }: { first: number; count: number },
): Float64Array {
  return Float64Array.from(
    { length: (values.length / m) * count },
    (_, i) => values[Math.floor(i / count) * m + first + (i % count)]!,
  );
}

/** Columns beside columns, of matrices with as many rows: float64 [rows, m₁ + m₂ + …]. */
export function beside(rows: number, parts: readonly Float64Array[]): Float64Array {
  const widths = parts.map(({ length }) => length / rows);
  const m = widths.reduce((sum, width) => sum + width, 0);
  const joined = new Float64Array(rows * m);
  for (let row = 0; row < rows; row++) {
    let at = row * m;
    for (const [p, part] of parts.entries()) {
      const width = widths[p]!;
      joined.set(part.subarray(row * width, (row + 1) * width), at);
      at += width;
    }
  }
  return joined;
}

/** Of all elements together. */
export const length = (values: Float64Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
