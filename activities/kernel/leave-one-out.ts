/** What the interpolant of all other points says of each point, without n fits: yᵢ − αᵢ/(K⁻¹)ᵢᵢ. Points it is wrong
 *  about are remembered rather than learned. One float64 factorisation and as much again for the diagonal. */
import { factor, inverseDiagonal, substitution } from './cholesky.ts';
import { type KernelBlock, withDiagonal } from './gaussian.ts';
import { CLASSES } from './labels.ts';
import { allocateMatrix, fillMatrix } from './matrix.ts';
import type { Session } from './session.ts';

export interface LeaveOneOut {
  /** float64 [n, 10] */
  alpha: Float64Array<ArrayBuffer>;
  /** Of every point, by the solution without it: float64 [n, 10]. */
  outputs: Float64Array<ArrayBuffer>;
}

/** Null if the kernel matrix is singular in float64: equal points. y: float64 [n, 10]; l2 is added to the diagonal.
 *  block: how many rows a block has. */
export async function leaveOneOut(
  session: Session,
  kernel: KernelBlock,
  { y, l2, block }: { y: Float64Array<ArrayBuffer>; l2: number; block?: number },
): Promise<LeaveOneOut | null> {
  const n = y.length / CLASSES;
  const matrix = allocateMatrix(session, 'float64', n, block);
  await fillMatrix(session, matrix, withDiagonal(kernel, l2));
  if (!(await factor(session, matrix))) return null;
  const alpha = await substitution(session, matrix, CLASSES)(y);
  const diagonal = await inverseDiagonal(session, matrix);
  const outputs = y.map((value, i) => value - alpha[i]! / diagonal[Math.floor(i / CLASSES)]!);
  return { alpha, outputs };
}
