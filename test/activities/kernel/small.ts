/** Small samples and textbook linear algebra in float64, to check the kernel machines by. */
import type { KernelBlock } from '../../../activities/kernel/gaussian.ts';
import type { Session } from '../../../activities/kernel/session.ts';
import { stream } from '../../../activities/random/stream.ts';

/** Ten classes of noisy patterns: uint8 [n, d] and labels [n]. */
export function sample(n: number, d: number, seed = 1): { pixels: Uint8Array; labels: Uint8Array } {
  const draw = stream(seed, 'procedural');
  const patterns = Uint8Array.from({ length: 10 * d }, () => draw.below(256));
  const labels = Uint8Array.from({ length: n }, (_, i) => i % 10);
  const pixels = Uint8Array.from({ length: n * d }, (_, i) => {
    const pattern = patterns[labels[Math.floor(i / d)]! * d + (i % d)]!;
    return (pattern + draw.below(256)) >> 1;
  });
  return { pixels, labels };
}

/** exp(−γ‖x − z‖²) on pixels / 255: rows of float64 [n][m]. */
export function gaussian(x: Uint8Array, z: Uint8Array, d: number, gamma: number): number[][] {
  return Array.from({ length: x.length / d }, (_, i) =>
    Array.from({ length: z.length / d }, (_, j) => {
      let square = 0;
      for (let k = 0; k < d; k++) square += ((x[i * d + k]! - z[j * d + k]!) / 255) ** 2;
      return Math.exp(-gamma * square);
    }),
  );
}

/** K⁻¹·y by Gauss's elimination with pivots; y: rows of [n][m]. */
export function solved(matrix: number[][], y: number[][]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...y[i]!]);
  for (let k = 0; k < n; k++) {
    const pivot = rows.reduce(
      (best, row, i) => (i >= k && Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i : best),
      k,
    );
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j < rows[i]!.length; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  return rows.map((row, k) => row.slice(n).map((value) => value / row[k]!));
}

export const multiply = (a: number[][], b: number[][]): number[][] =>
  a.map((row) => b[0]!.map((_, c) => row.reduce((sum, value, k) => sum + value * b[k]![c]!, 0)));

export const identity = (n: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));

/** As rows of `columns`. */
export const inRows = (values: ArrayLike<number>, columns: number): number[][] =>
  Array.from({ length: values.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, c) => values[i * columns + c]!),
  );

export const flat = (rows: number[][]) => Float64Array.from(rows.flat());

/** The largest difference of two arrays of one length. */
export const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - b[i]!)),
    Math.abs(a.length - b.length),
  );

/** All values of a kernel between n points and m others. */
export const valuesOf = async (session: Session, kernel: KernelBlock, [n, m]: [number, number]) =>
  (await session.run({ fetches: [kernel(session, 'float64', [0, n], [0, m])] }))[0]!;

export async function finished<T, R>(generator: AsyncGenerator<T, R>): Promise<R> {
  for (;;) {
    const { value, done } = await generator.next();
    if (done) return value;
  }
}
