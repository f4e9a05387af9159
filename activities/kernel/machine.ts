/** A kernel system on the device, ready to be solved for one λ after another, and its predictions of the test images. */
import type { KernelSystem } from '../contract.ts';
import type { LinearSystem } from './conjugate-gradients.ts';
import { gaussianBlock } from './gaussian.ts';
import { CLASSES } from './labels.ts';
import { allocateMatrix } from './matrix.ts';
import { bytesOf, bytesOfFeatures, FACTORED_POINTS, methodsFor, requireMemory } from './method.ts';
import { placePoints } from './points.ts';
import { last, pointsOf } from './points-of.ts';
import { predict, predictFrom } from './predict.ts';
import { addConstantFeature, featureKernel } from './random-features.ts';
import { whiteningOf } from './random-filters.ts';
import { type Real, type Session, withSession } from './session.ts';
import { type KernelMethod, prepareSystem, systemOfMatrix } from './solve.ts';

/** Both splits: uint8 [n, d] and [n]. */
export interface KernelData {
  d: number;
  train: { images: Uint8Array; labels: Uint8Array };
  test: { images: Uint8Array; labels: Uint8Array };
}

export interface Machine {
  system: LinearSystem;
  /** Of the test images: float64 [tests, 10]. alpha: float64 [n, 10]. */
  predict(alpha: Float64Array<ArrayBuffer>): Promise<Float64Array<ArrayBuffer>>;
}

/** What is being computed, for people. */
export type See = (stretch: string) => void;

/** Filters of a run; their features take 64 kB an image. */
export const TOGETHER = 256;

/** By the size alone, whatever the memory: a result is found again by what it was asked for. */
const methodOf = (n: number): KernelMethod => methodsFor(n)[0]!;

/** Open in the paper. Of 60,000 images an iteration takes seconds, and the last training error goes long before. */
export const stopFor = (n: number) =>
  n <= FACTORED_POINTS ? { residual: 1e-9, iterations: 300 } : { residual: 1e-2, iterations: 500 };

/** Calls `solve` for every λ, in turn. Refused where the memory that is available is too short for it. */
export async function withMachines<T>(
  { features }: Pick<KernelSystem, 'features'>,
  { data, l2, see, availableBytes }: { data: KernelData; l2: number[]; see: See; availableBytes: number },
  solve: (machine: Machine, l2: number) => Promise<T>,
): Promise<T[]> {
  const solved: T[] = [];
  const [n, tests] = [data.train.labels.length, data.test.labels.length];
  if (features.kind === 'random-filters') {
    requireMemory(n, bytesOfFeatures(typeOf(n), { n, tests }), availableBytes);
    await withSession(async (session) => {
      const open = await randomNet(session, features, data, see);
      for (const one of l2) solved.push(await solve(await open(one), one));
    });
    return solved;
  }
  see(features.kind === 'gabor' ? 'wavelets' : 'images');
  const points = await pointsOf(features, { train: data.train.images, test: data.test.images, d: data.d });
  requireMemory(n, bytesOf(methodOf(n), { n, d: points.train.d }), availableBytes);
  for (const one of l2) {
    solved.push(
      await withSession(async (session) => {
        see('kernel matrix');
        const placed = { gamma: features.gamma, train: points.train, test: points.test! };
        return solve(await gaussian(session, placed, data, one), one);
      }),
    );
  }
  return solved;
}

type Placed = { gamma: number } & Record<'train' | 'test', Awaited<ReturnType<typeof pointsOf>>['train']>;

async function gaussian(
  session: Session,
  { gamma, train, test }: Placed,
  data: KernelData,
  l2: number,
): Promise<Machine> {
  const task = {
    points: train,
    labels: data.train.labels,
    gamma,
    l2,
    method: methodOf(train.n),
    stop: stopFor(train.n),
  };
  return {
    system: await prepareSystem(session, task),
    async predict(alpha) {
      const [from, to] = [await placePoints(session, test), await placePoints(session, train)];
      return last(predict(session, gaussianBlock(gamma, from, to), { alpha, m: CLASSES, count: test.n }));
    },
  };
}

const typeOf = (n: number): Real => (n <= FACTORED_POINTS ? 'float64' : 'float32');

async function randomNet(
  session: Session,
  { filters, seed }: Extract<KernelSystem['features'], { kind: 'random-filters' }>,
  { train, test }: KernelData,
  see: See,
): Promise<(l2: number) => Promise<Machine>> {
  const n = train.labels.length;
  see('statistics of patches');
  const request = {
    train: train.images,
    test: test.images,
    seed,
    filters,
    together: Math.min(TOGETHER, filters),
    type: typeOf(n),
    whitening: whiteningOf(train.images, seed),
  };
  const kernel = await last(featureKernel(session, request), (done) =>
    see(`${done.toLocaleString('en')} of ${filters.toLocaleString('en')} random filters`),
  );
  await addConstantFeature(session, kernel);
  const lower = allocateMatrix(session, 'float32', n);
  return async (l2) => ({
    system: await systemOfMatrix(session, kernel.matrix, { labels: train.labels, l2 }, lower),
    predict: (alpha) => predictFrom(session, kernel.cross, { alpha, m: CLASSES }),
  });
}
