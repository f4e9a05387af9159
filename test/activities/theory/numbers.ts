/** Numbers of Theorem 1 as a sample of 1,000 points might give them. */
import type { OfTheorem, TheoremNumbers } from '../../../activities/contract.ts';
import { cifar10 } from '../verdicts/synthetic.ts';

const storage = { roundedAlone: 1e-8, roundedInTurn: 1e-12 };
const small = { x: [10, 30, 40], b: [0, 10, 30], w: [0.2, -0.1, -0.6], y: [2, 4, -1] };

export const numbers: TheoremNumbers = {
  n: 1000,
  d: 3072,
  merged: 0,
  draws: 1,
  weights: 5072,
  largestError: { float64: 1e-9, doubleDouble: 1e-13 },
  exact: { points: 1000, equal: 1000, largestBits: 84, storage: { float64: storage, float32: storage } },
  lemma1: { triangular: true, smallestDiagonal: 12_345, eigenvalues: { size: 16, onDiagonal: true } },
  corollary1: [
    {
      k: 2,
      depth: 2,
      width: 1000,
      weights: 6072,
      evaluated: 1000,
      largestError: { float64: 2e-6, doubleDouble: 1e-14 },
    },
    {
      k: 4,
      depth: 4,
      width: 336,
      weights: 6079,
      evaluated: 1000,
      largestError: { float64: 1e-6, doubleDouble: 1e-14 },
    },
  ],
  errorAgainstN: [
    row('float32', 1, 100, 1e-3, 0),
    row('float32', 1, 1000, 2, 3),
    row('float64', 1 / 4, 100, null, 70),
    row('float64', 1 / 4, 1000, null, 900),
    row('float64', 1, 100, 1e-12, 0),
    row('float64', 1, 1000, 0, 0),
  ],
  errorByProjection: (['float32', 'float64'] as const).flatMap((precision) => [
    byProjection('integers-53', precision, 100, 1e-3, 0),
    byProjection('integers-53', precision, 1000, 2e-3, 0),
    byProjection('gaussian', precision, 100, 1e-2, 0),
    byProjection(
      'gaussian',
      precision,
      1000,
      precision === 'float32' ? 4 : 1e-2,
      precision === 'float32' ? 7 : 0,
    ),
    byProjection('coordinate', precision, 100, null, 16),
    byProjection('coordinate', precision, 1000, 9, 600),
  ]),
  small,
};

function byProjection(
  projection: TheoremNumbers['errorByProjection'][number]['projection'],
  precision: 'float32' | 'float64',
  n: number,
  largestError: number | null,
  wrong: number,
): TheoremNumbers['errorByProjection'][number] {
  const errors = { largestError, wrong };
  return { n, projection, precision, gapFraction: 1, sameOrder: errors, reverseOrder: errors };
}

function row(
  precision: TheoremNumbers['errorAgainstN'][number]['precision'],
  gapFraction: number,
  n: number,
  largestError: number | null,
  wrong: number,
): TheoremNumbers['errorAgainstN'][number] {
  const errors = { largestError, wrong };
  return { precision, gapFraction, n, asComputed: errors, ofWeights: errors, overflowsAt: null };
}

const ref = { key: 'theorems/1/0/theorem-1.json', sha256: '0'.repeat(64), bytes: 1 };

export const request: OfTheorem = {
  profile: 'quick',
  dataset: cifar10,
  labels: 'random',
  seed: 7,
  theorem: {
    folder: 'theorems/1/0',
    numbers: ref,
    a: ref,
    b: ref,
    w: ref,
    tiedNetwork: ref,
    corollary1: ref,
    errorAgainstN: ref,
    errorByProjection: ref,
    provenance: ref,
    points: { distinct: 1000, merged: 0, dimensions: 3072 },
  },
};
