/** Theorem 1, Lemma 1 and Corollary 1 on one sample, all of it: built, counted, checked exactly and in floats. 50,000
 *  images take 20 seconds, a third of them the exact check and another Corollary 1; 1,281,167 generated points five
 *  minutes, most of them the exact check, and 2.4 GB, of which Corollary 1 needs 0.9 where the heap is kept small. */
import type { TheoremNumbers } from '../contract.ts';
import { stream } from '../random/stream.ts';
import { measureDepths } from './depths.ts';
import { measureErrors } from './error-grid.ts';
import { checkExactly, exactSystem } from './exact.ts';
import { checkEigenvalues } from './lemma-1.ts';
import { measureProjections } from './projection-grid.ts';
import type { Errors } from './rounding.ts';
import { firstPoints, type Sample, watched } from './sample.ts';
import { buildTheorem1, type Network } from './theorem-1.ts';

/** Of the network that float32 holds: whole projections of 24 bits meet from some hundreds of images on. */
const TIED_POINTS = 100;
/** Of the one that is drawn. */
const DRAWN_POINTS = 20;

export interface Verified {
  numbers: TheoremNumbers;
  /** Of the whole sample. */
  network: Network;
  /** Of its first points, in numbers that float32 holds. */
  tied: Network;
}

/** labels: [n]. next: told what comes, and while it lasts how many points of it are done; what it waits for lets other
 *  work through. In between it holds the thread for some seconds at the most, at n = 50,000 for one. */
export async function verifyTheorem(
  { sample, labels, seed }: { sample: Sample; labels: ArrayLike<number>; seed: number },
  next: (stretch: string, points?: number) => Promise<void>,
): Promise<Verified> {
  await next('Theorem 1');
  const theorem = await buildTheorem1({
    sample: watched(sample, (points) => next('projection', points)),
    labels,
    projection: 'integers-53', // exact on bytes
    draw: stream(seed, 'projection'),
  });
  const { network, weights, x, merged, draws, lemma1, largestError } = theorem;
  const check = checkExactly(await exactSystem(sample, theorem));
  let exact = check.next();
  for (; !exact.done; exact = check.next()) await next('exact check', exact.value);
  const corollary1: TheoremNumbers['corollary1'] = [];
  await next('Corollary 1');
  for await (const row of measureDepths(theorem, sample)) {
    corollary1.push({ ...row, largestError: inFloats(row.largestError) });
    await next('Corollary 1');
  }
  const errorAgainstN: TheoremNumbers['errorAgainstN'] = [];
  for (const { summation: _, asComputed, ofWeights, ...row } of measureErrors(theorem)) {
    errorAgainstN.push({ ...row, asComputed: rounding(asComputed), ofWeights: rounding(ofWeights) });
    await next('error against n');
  }
  const errorByProjection: TheoremNumbers['errorByProjection'] = [];
  const draw = () => stream(seed, 'projection', 2);
  for await (const rows of measureProjections(sample, labels, draw)) {
    errorByProjection.push(
      ...rows.map(({ sameOrder, reverseOrder, ...row }) => ({
        ...row,
        sameOrder: rounding(sameOrder),
        reverseOrder: rounding(reverseOrder),
      })),
    );
    await next('error by projection');
  }
  const ofFirst = (points: number) =>
    buildTheorem1({
      sample: firstPoints(sample, points),
      labels: Array.from({ length: Math.min(points, sample.n) }, (_, i) => labels[i]!),
      projection: 'integers-24',
      draw: stream(seed, 'projection', 1),
    });
  const [tied, drawn] = [await ofFirst(TIED_POINTS), await ofFirst(DRAWN_POINTS)];
  const numbers = {
    n: x.length,
    d: sample.d,
    merged: merged.length,
    draws,
    weights,
    largestError: inFloats(largestError),
    exact: exact.value,
    lemma1: { ...lemma1, eigenvalues: checkEigenvalues(x, network.b) },
    corollary1,
    errorAgainstN,
    errorByProjection,
    small: { x: [...drawn.x], b: [...drawn.network.b], w: [...drawn.network.w], y: [...drawn.y] },
  };
  return { numbers, network, tied: tied.network };
}

const inFloats = ({ float64, doubleDouble }: { float64: number; doubleDouble: number }) => ({
  float64: finite(float64),
  doubleDouble: finite(doubleDouble),
});

const rounding = ({ largestError, wrong }: Errors) => ({ largestError: finite(largestError), wrong });

/** JSON has no infinity. */
const finite = (error: number) => (Number.isFinite(error) ? error : null);
