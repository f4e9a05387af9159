/** Norms of the least-norm solution f = Σᵢ αᵢ k(xᵢ, ·) in the kernel's Hilbert space (Section 5: about 220 on MNIST,
 *  about 390 with Gabor wavelets; whether of ±1 or 0/1 labels the paper does not say). */
import { CLASSES } from './labels.ts';

/** √(tr αᵀKα), over all ten outputs. alpha, outputs = Kα: float64 [n, 10]. */
export function rkhsNorm(alpha: Float64Array, outputs: Float64Array): number {
  let trace = 0;
  for (let i = 0; i < alpha.length; i++) trace += alpha[i]! * outputs[i]!;
  return Math.sqrt(trace);
}

/** The solution for 0/1 labels out of the one for ±1: the ten targets of a point sum up to −8, so the sum of the ten
 *  solutions is −8 times that of the constant 1, and (y + 1)/2 is solved by the halves of both. */
export function zeroOneAlpha(alpha: Float64Array): Float64Array {
  const result = new Float64Array(alpha.length);
  for (let first = 0; first < alpha.length; first += CLASSES) {
    const own = alpha.subarray(first, first + CLASSES);
    const ofOne = own.reduce((sum, value) => sum + value, 0) / (2 - CLASSES);
    for (let c = 0; c < CLASSES; c++) result[first + c] = (own[c]! + ofOne) / 2;
  }
  return result;
}

/** The same of the outputs: float64 [n, 10]. */
export const zeroOneOutputs = (outputs: Float64Array): Float64Array =>
  outputs.map((value) => (value + 1) / 2);
