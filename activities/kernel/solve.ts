/** K α = y without regularisation, or (K + λI) α = y: the kernel systems of Table 3.
 *
 *  method 'cholesky' factors K in float32, in blocks, and refines in float64: a few iterations to a residual near
 *  1e-12. 'nystrom' needs no factor and has work to do at every iteration: where n³/3 is too long or half of a
 *  float32 matrix for the factor too large. Products are with stored float32 or float64 blocks, or recomputed.
 *
 *  MNIST's 10,000 test images, γ = 0.02, two busy cores: 7 s with the kernel to a residual of 2e-13 by 'cholesky', where
 *  NumPy and SciPy take 6 + 12 s. 60,000 images of its shape by 'nystrom', 2,000 landmarks, float32 blocks: no training
 *  error after 102 s, a residual of 0.009 after 226 s, 10.4 GB at the most. method.ts chooses by the memory there is. */
import { stream } from '../random/stream.ts';
import { factor, substitution } from './cholesky.ts';
import {
  conjugateGradients,
  type Iterate,
  type LinearSystem,
  relativeSize,
  type Stop,
} from './conjugate-gradients.ts';
import { gaussianBlock, type KernelBlock, withDiagonal } from './gaussian.ts';
import { CLASSES, countErrors, oneVsAll } from './labels.ts';
import {
  allocateMatrix,
  computedProduct,
  fillMatrix,
  type SymmetricMatrix,
  storedKernel,
  storedProduct,
} from './matrix.ts';
import { drawLandmarks, nystrom } from './nystrom.ts';
import { type DevicePoints, type Points, placePoints, selectPoints } from './points.ts';
import type { Session } from './session.ts';
import type { Operator } from './vectors.ts';

export interface KernelMethod {
  /** What makes conjugate gradients fast. */
  preconditioner: { kind: 'cholesky' } | { kind: 'nystrom'; landmarks: number; seed: number };
  /** The product of the iterations: blocks that are kept, or computed for each of them. The residual is checked with
   *  float64 values in any case. */
  product: 'float64' | 'float32' | 'computed';
}

export interface KernelTask {
  points: Points;
  /** Below 10: [n]. */
  labels: ArrayLike<number>;
  gamma: number;
  /** λ, added to the diagonal; 0 interpolates. */
  l2: number;
  method: KernelMethod;
  stop: Stop;
}

/** What one iteration, or check, came to. residual: largest ‖y − Kα‖ / ‖y‖ over the ten outputs; errors: of the
 *  outputs y − residual (for λ = 0 the training error; else K's own part, Kα = y − residual − λα). */
export interface SolveEvent {
  state: Iterate;
  residual: number;
  errors: number;
}

/** Memory beside the points: `cholesky` half a float32 matrix, and half of one in the product's type when it is kept.
 *  float32 [60,000, 60,000]: 7.2 GB each. */
export async function prepareSystem(session: Session, task: KernelTask): Promise<LinearSystem> {
  const { points, labels, gamma, l2, method } = task;
  const placed = await placePoints(session, points);
  const kernel = withDiagonal(gaussianBlock(gamma, placed, placed), l2);
  const [n, m] = [points.n, CLASSES];
  const exact = () => computedProduct(session, 'float64', { n, m, kernel });
  const stored = method.product === 'computed' ? null : allocateMatrix(session, method.product, n);
  if (stored) await fillMatrix(session, stored, kernel);
  const product = stored ? storedProduct(session, stored, m) : exact();
  return {
    y: oneVsAll(labels),
    m,
    product,
    exactProduct: stored?.type === 'float64' ? product : exact(),
    preconditioner:
      method.preconditioner.kind === 'cholesky'
        ? await choleskyPreconditioner(session, { n, m, kernel: stored ? storedKernel(stored) : kernel })
        : await nystromPreconditioner(session, task, placed, method.preconditioner),
  };
}

/** The system of a matrix that is there already, as that of the random net: (K + λI) α = y. Its stored values are what
 *  the residual is of. lower: for the factor; systems of several λ may take the same, one after another. */
export async function systemOfMatrix(
  session: Session,
  matrix: SymmetricMatrix,
  { labels, l2 }: Pick<KernelTask, 'labels' | 'l2'>,
  lower = allocateMatrix(session, 'float32', matrix.n),
): Promise<LinearSystem> {
  const [n, m] = [matrix.n, CLASSES];
  const stored = storedProduct(session, matrix, m);
  const product: Operator = async (vectors) =>
    (await stored(vectors)).map((value, i) => value + l2 * vectors[i]!);
  const kernel = withDiagonal(storedKernel(matrix), l2);
  const preconditioner = await choleskyPreconditioner(session, { n, m, kernel, lower });
  return { y: oneVsAll(labels), m, product, exactProduct: product, preconditioner };
}

export async function* solveKernel(
  system: LinearSystem,
  { labels, l2, stop }: Pick<KernelTask, 'labels' | 'l2' | 'stop'>,
  from?: Iterate,
): AsyncGenerator<SolveEvent, Iterate> {
  const iterates = conjugateGradients(system, stop, from);
  for (;;) {
    const { value: state, done } = await iterates.next();
    if (done) return state;
    const outputs = fitted(system, state, l2);
    yield { state, residual: relativeSize(state.residual, system), errors: countErrors(outputs, labels) };
  }
}

/** What the solution outputs on its own points, Kα = y − r − λα: float64 [n, 10]. */
export const fitted = ({ y }: Pick<LinearSystem, 'y'>, { alpha, residual }: Iterate, l2: number) =>
  y.map((value, i) => value - residual[i]! - l2 * alpha[i]!);

/** Of the matrix itself, where float32 finds it positive definite; else of one with a little more on its diagonal, as
 *  little as it takes. */
async function choleskyPreconditioner(
  session: Session,
  {
    n,
    m,
    kernel,
    lower = allocateMatrix(session, 'float32', n),
  }: { n: number; m: number; kernel: KernelBlock; lower?: SymmetricMatrix },
): Promise<Operator> {
  for (let shift = 0; ; shift = shift === 0 ? 1e-6 : 10 * shift) {
    await fillMatrix(session, lower, withDiagonal(kernel, shift));
    if (await factor(session, lower)) return substitution(session, lower, m);
  }
}

async function nystromPreconditioner(
  session: Session,
  { points, gamma, l2 }: KernelTask,
  placed: DevicePoints,
  { landmarks, seed }: { landmarks: number; seed: number },
): Promise<Operator> {
  const chosen = drawLandmarks(points.n, landmarks, stream(seed, 'kernel-landmarks'));
  const some = await placePoints(session, selectPoints(points, chosen));
  return nystrom(session, {
    n: points.n,
    m: CLASSES,
    landmarks,
    toLandmarks: gaussianBlock(gamma, placed, some),
    amongLandmarks: gaussianBlock(gamma, some, some),
    trace: points.n * (1 + l2),
  });
}
