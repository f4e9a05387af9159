/** A preconditioner for matrices too large to factor: K ≈ B·Bᵀ + μI with B = K(X, S)·L⁻ᵀ, L·Lᵀ = K(S, S), for a random
 *  part S of the points (Nyström; Williams, Seeger 2001), inverted by Woodbury's identity,
 *    (B·Bᵀ + μI)⁻¹ = (I − B(Bᵀ·B + μI)⁻¹Bᵀ)/μ.
 *  It removes the large eigenvalues, which are what makes conjugate gradients slow. Cost: n·|S|·(d + 2|S|). */
import { permutation, type Stream } from '../random/stream.ts';
import { blockSize, type Range, ranges } from './blocks.ts';
import type { KernelBlock } from './gaussian.ts';
import { rowsOf } from './matrix.ts';
import { assign, operations } from './operations.ts';
import type { Ref, Session } from './session.ts';
import { type Operator, vectorInput } from './vectors.ts';

/** Near rounding of K(S, S), so that close points do not break its factor. */
const JITTER = 1e-6;

/** Indices of distinct points, ascending: [count]. */
export const drawLandmarks = (n: number, count: number, draw: Stream): number[] =>
  [...permutation(n, draw).subarray(0, count)].sort((a, b) => a - b);

export interface NystromRequest {
  n: number;
  m: number;
  landmarks: number;
  /** The kernel between all points and the landmarks, and among the landmarks. */
  toLandmarks: KernelBlock;
  amongLandmarks: KernelBlock;
  /** The sum of K's diagonal; n for a Gaussian kernel without regularisation. */
  trace: number;
}

export async function nystrom(session: Session, request: NystromRequest): Promise<Operator> {
  const { n, m, landmarks: q, toLandmarks, amongLandmarks, trace } = request;
  const float32 = operations(session, 'float32');
  const float64 = operations(session, 'float64');

  const inverse = session.variable('float32', [q, q]);
  const among = float64.add(
    amongLandmarks(session, 'float64', [0, q], [0, q]),
    float64.times(float64.identity(q), float64.scalar(JITTER)),
  );
  const lowerInverse = float64.triangularInverse(float64.cholesky(among), q);
  await session.run({ targets: [assign(session, inverse, float32.cast(lowerInverse, 'float64'))] });

  const all = ranges(n, blockSize(n));
  const factors = all.map(({ size }) => session.variable('float32', [size, q]));
  const gram = session.variable('float64', [q, q]);
  await session.run({
    targets: [assign(session, gram, float64.zeros([q, q]))],
  });
  for (const [i, range] of all.entries()) {
    const values = toLandmarks(session, 'float32', rowsOf(range), [0, q]);
    const rows = float32.product(values, inverse.value, { b: true });
    const square = float64.cast(float32.product(rows, rows, { a: true }), 'float32');
    await session.run({
      targets: [assign(session, factors[i]!, rows), assign(session, gram, square, 'add')],
    });
  }

  const diagonal = float64.times(gram.value, float64.identity(q));
  const [explained] = await session.run({
    fetches: [float64.sumOver('columns', float64.sumOver('rows', diagonal))],
  });
  // The mean of the eigenvalues that are left.
  const mu = Math.max((trace - explained![0]!) / n, JITTER);

  const core = session.variable('float64', [q, q]);
  const shifted = float64.add(gram.value, float64.times(float64.identity(q), float64.scalar(mu)));
  const root = float64.triangularInverse(float64.cholesky(shifted), q);
  await session.run({ targets: [assign(session, core, float64.product(root, root, { a: true }))] });
  return woodbury(session, { m, mu, all, factors: factors.map(({ value }) => value), core: core.value });
}

function woodbury(
  session: Session,
  parts: { m: number; mu: number; all: Range[]; factors: Ref[]; core: Ref },
): Operator {
  const { m, mu, all, factors, core } = parts;
  const float32 = operations(session, 'float32');
  const float64 = operations(session, 'float64');
  const input = vectorInput(session, 'float32', all, m);
  const projected = float64.sum(
    factors.map((rows, i) => float64.cast(float32.product(rows, input.refs[i]!, { a: true }), 'float32')),
  );
  const solved = float32.cast(float64.product(core, projected), 'float64');
  const fetches = factors.map((rows) => float32.product(rows, solved));
  return async (vectors) => {
    const known = input.joined(await session.run({ feeds: input.feeds(vectors), fetches }));
    return vectors.map((value, i) => (value - known[i]!) / mu);
  };
}
