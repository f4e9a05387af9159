/** Bandwidth and wavelets, which the paper leaves open. The rule, on training images alone: of the candidates the one
 *  whose interpolant makes the fewest leave-one-out errors (leave-one-out.ts: exact cross-validation, one fit a
 *  candidate) on the first images of the training set; of equals the first. The test set is never looked at. */
import { gaussianBlock } from './gaussian.ts';
import { countErrors, oneVsAll } from './labels.ts';
import { leaveOneOut } from './leave-one-out.ts';
import { type Points, placePoints } from './points.ts';
import { type Session, withSession } from './session.ts';

/** On pixels / 255; the published 0.02 in their middle. */
export const GAMMAS: readonly number[] = [0.005, 0.01, 0.02, 0.03, 0.04];

/** As many training images as it takes to tell candidates apart. */
export const CHOOSING_IMAGES = 5000;

export interface Candidate {
  name: string;
  gamma: number;
  points: (session: Session) => Promise<Points>;
}

/** errors: null where the candidate's kernel matrix is singular in float64. */
export interface Scored {
  name: string;
  gamma: number;
  errors: number | null;
}

/** Leave-one-out errors of every candidate on the same labels, as they come. */
export async function* scoreCandidates(
  candidates: readonly Candidate[],
  labels: ArrayLike<number>,
): AsyncGenerator<Scored> {
  const y = oneVsAll(labels);
  for (const { name, gamma, points } of candidates) {
    const errors = await withSession(async (session) => {
      const placed = await placePoints(session, await points(session));
      const left = await leaveOneOut(session, gaussianBlock(gamma, placed, placed), { y, l2: 0 });
      return left && countErrors(left.outputs, labels);
    });
    yield { name, gamma, errors };
  }
}

/** The one with the fewest errors, the first of equals; null if every matrix was singular. */
export function best<One extends Pick<Scored, 'errors'>>(scored: readonly One[]): One | null {
  const of = ({ errors }: One) => errors ?? Number.POSITIVE_INFINITY;
  const [first = null] = scored.toSorted((a, b) => of(a) - of(b));
  return first?.errors == null ? null : first;
}

/** Bandwidths for features, in the units of the features themselves: these parts of 1/(mean squared distance). The
 *  published γ on MNIST's pixels is about 2 of them; below 1 the matrices of smooth features are all but singular. */
export const RELATIVE_GAMMAS: readonly number[] = [1, 2, 4];

/** The mean of ‖x − x'‖² over pairs, twice the sum of the coordinates' variances. */
export function meanSquaredDistance({ n, d, data, unit }: Points): number {
  const sums = new Float64Array(d);
  let squares = 0;
  for (let i = 0; i < data.length; i++) {
    sums[i % d]! += data[i]!;
    squares += data[i]! ** 2;
  }
  const ofMeans = sums.reduce((sum, value) => sum + (value / n) ** 2, 0);
  return 2 * (squares / n - ofMeans) * unit ** 2;
}
