/** Interpolants of the training data that do not generalise, in the same space of functions and with a larger norm
 *  (Section 5): with centres at random points instead of the data, and with random labels forced on the test data. */
import { stream } from '../random/stream.ts';
import { gaussianBlock } from './gaussian.ts';
import { CLASSES, oneVsAll } from './labels.ts';
import { rkhsNorm } from './norm.ts';
import { assign, operations } from './operations.ts';
import { type Points, placePoints } from './points.ts';
import { type Session, typeAttr } from './session.ts';

/** Images of uniform noise: uint8 [count, d]. */
export function randomCentres(count: number, d: number, seed: number): Uint8Array {
  const centres = new Uint8Array(count * d);
  for (let i = 0; i < count; i++) {
    const draw = stream(seed, 'random-centres', i);
    for (let k = 0; k < d; k++) centres[i * d + k] = draw.below(256);
  }
  return centres;
}

/** Labels for the test data that have nothing to do with its images; trained on beside the training data, they make an
 *  interpolant of it that is at chance on the test data. uint8 [n]. */
export function forcedLabels(n: number, seed: number): Uint8Array {
  const draw = stream(seed, 'forced-labels');
  return Uint8Array.from({ length: n }, () => draw.below(CLASSES));
}

export interface OffCentre {
  /** Coefficients of the centres: float64 [n, 10]. */
  beta: Float64Array<ArrayBuffer>;
  /** ‖K(X, C)β − y‖ / ‖y‖: what float64 leaves of a matrix that is nearly singular. */
  residual: number;
  /** √(tr βᵀK(C, C)β) */
  norm: number;
}

/** f = Σⱼ βⱼ k(cⱼ, ·) with f(xᵢ) = yᵢ for as many centres as points, by one LU factorisation in float64: 8n² bytes
 *  a copy. */
export async function interpolateFromCentres(
  session: Session,
  { points, centres, gamma, labels }: { points: Points; centres: Points; gamma: number; labels: Uint8Array },
): Promise<OffCentre> {
  const { n } = points;
  const y = oneVsAll(labels);
  const { add, product, subtract, times, sumOver } = operations(session, 'float64');
  const x = await placePoints(session, points);
  const c = await placePoints(session, centres);
  const values = session.variable('float64', [n, n]);
  const kernel = gaussianBlock(gamma, x, c)(session, 'float64', [0, n], [0, n]);
  await session.run({ targets: [assign(session, values, kernel)] });

  const right = session.placeholder('float64', [n, CLASSES]);
  const solve = (of: string) =>
    session.node('MatrixSolve', [values.value, of], { T: typeAttr('float64'), adjoint: { b: false } });
  const first = solve(right);
  const beta = add(first, solve(subtract(right, product(values.value, first))));
  const rest = subtract(right, product(values.value, beta));
  const among = product(gaussianBlock(gamma, c, c)(session, 'float64', [0, n], [0, n]), beta);
  const squares = sumOver('columns', sumOver('rows', times(rest, rest)));
  const [found, square, outputs] = await session.run({
    feeds: [{ at: right, type: 'float64', shape: [n, CLASSES], data: y }],
    fetches: [beta, squares, among],
  });
  const alpha = Float64Array.from(found!);
  return {
    beta: alpha,
    residual: Math.sqrt(square![0]! / y.length),
    norm: rkhsNorm(alpha, Float64Array.from(outputs!)),
  };
}
