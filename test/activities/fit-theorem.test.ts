/** The step that builds Theorem 1, on generated points of the form of CIFAR-10. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import {
  type DatasetId,
  type FittedTheorem,
  TheoremNumbers,
  TheoremProgress,
} from '../../activities/contract.ts';
import { decodeNpy } from '../../activities/data/npy.ts';
import { keepDataset } from '../../activities/data/stored-dataset.ts';
import { createFitTheorem } from '../../activities/fit-theorem.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { decodeSafetensors } from '../../activities/tensorflow/safetensors.ts';
import { environment } from './environment.ts';
import { generatedDataset } from './theory/generated-dataset.ts';

const ID = { name: 'procedural', sha256: '0'.repeat(64) } as const satisfies DatasetId;
const [N, D] = [120, 3072];

/** One for all: what a test has fitted the next ones find. */
const store: Store = createMemoryStore();
beforeAll(async () => {
  const dataset = generatedDataset(N);
  dataset.train.images.copyWithin(110 * D, 3 * D, 4 * D); // one image twice
  await keepDataset(store, ID, { form: 'generated', classes: [], dataset }, () => Buffer.from('{}'));
});

type Request = Parameters<ReturnType<typeof createFitTheorem>>[0];

function fitTheorem(changes: Partial<Request> = {}, time = 0): Promise<FittedTheorem> {
  const activity = createFitTheorem({ store, environment, now: () => new Date(time) });
  const request: Request = { sample: images(null), labels: 'random', seed: 1, ...changes };
  return new MockActivityEnvironment().run(activity, request);
}

const images = (points: number | null) => ({ dataset: ID, points });

const numbersOf = async ({ numbers }: FittedTheorem) =>
  TheoremNumbers.parse(JSON.parse(String(await store.get(numbers))));

test('all points are built, counted and checked exactly; a copy of an image shares its hinge', async () => {
  const fitted = await fitTheorem();

  expect(fitted.points).toEqual({ distinct: N - 1, merged: 1, dimensions: D });
  const numbers = await numbersOf(fitted);
  expect(numbers).toMatchObject({
    n: N - 1,
    weights: 2 * (N - 1) + D,
    exact: { points: N - 1, equal: N - 1 },
    lemma1: { triangular: true, eigenvalues: { size: 16, onDiagonal: true } },
  });
  expect(numbers.largestError.float64).toBeLessThan(1e-9);
  expect(numbers.corollary1.map(({ k, evaluated }) => [k, evaluated])).toEqual(
    [2, 3, 4, 8, 16, 32].map((k) => [k, N - 1]),
  );
  expect(numbers.errorAgainstN.map(({ n }) => n).filter((n, i, all) => n !== all[i - 1])).toEqual([
    10,
    20,
    50,
    100,
    N - 1,
  ]);
});

test('the weights are files that others open, of the shapes of the theorem', async () => {
  const { a, b, w, tiedNetwork, corollary1, folder } = await fitTheorem();

  expect(folder).toMatch(/^theorems\/1\/[0-9a-f]{20}$/);
  const shapes = await Promise.all(
    [a, b, w].map(async (ref) => decodeNpy(await store.get(ref), 'float64').shape),
  );
  expect(shapes).toEqual([[D], [N - 1], [N - 1]]);
  const { arrays } = decodeSafetensors(await store.get(tiedNetwork));
  expect(arrays['projection/kernel']?.shape).toEqual([D, 1]);
  expect(arrays['hidden/bias']?.shape).toEqual([100]);
  expect(String(await store.get(corollary1))).toMatch(/^k,depth,width,weights,.*\n2,2,119,/);
});

test('a second attempt, later, finds the same objects', async () => {
  expect(await fitTheorem({}, 1e9)).toEqual(await fitTheorem());
});

test('fewer points, other labels and another seed are other theorems', async () => {
  const all = [
    await fitTheorem(),
    await fitTheorem({ sample: images(50) }),
    await fitTheorem({ labels: 'real' }),
    await fitTheorem({ seed: 2 }),
  ];

  expect(new Set(all.map(({ folder }) => folder)).size).toBe(4);
  expect(all[1].points.distinct).toBe(50);
});

test('more points than there are is all of them', async () => {
  expect(await fitTheorem({ sample: images(10_000) })).toEqual(await fitTheorem());
});

test('true labels that make one image two classes are refused with both places', async () => {
  // Image 110 is image 3 again, and its label is another one.
  await expect(fitTheorem({ labels: 'true' })).rejects.toMatchObject({
    type: 'InvalidInput',
    message: expect.stringContaining('3 and 110 (labels 3 and 0)'),
  });
});

test('generated points need no data set: counted, checked exactly, and named by their number and seed', async () => {
  const fitted = await fitTheorem({ sample: { generated: N } });

  expect(fitted.points).toEqual({ distinct: N, merged: 0, dimensions: D });
  expect(await numbersOf(fitted)).toMatchObject({ weights: 2 * N + D, exact: { points: N, equal: N } });
  expect((await fitTheorem({ sample: { generated: N }, seed: 2 })).folder).not.toBe(fitted.folder);
  expect(await fitTheorem({ sample: { generated: N } }, 1e9)).toEqual(fitted);
});

test('its heartbeat says what is done, of how many points, and how fast', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  let seconds = 0;
  const now = () => {
    vi.advanceTimersByTime(1000); // a heartbeat
    return new Date(1000 * seconds++);
  };
  const beats: unknown[] = [];
  const testing = new MockActivityEnvironment();
  testing.on('heartbeat', (details) => beats.push(details));
  const request: Request = { sample: { generated: 550 }, labels: 'random', seed: 1 };
  await testing.run(createFitTheorem({ store, environment, now }), request);

  const seen = beats.map((details) => TheoremProgress.parse(details));
  expect(new Set(seen.map(({ stretch }) => stretch))).toContain('Corollary 1');
  const checked = seen.filter(({ stretch, points }) => stretch === 'exact check' && points !== null);
  expect(checked.at(-1)?.points).toMatchObject({ done: 500, n: 550 });
  expect(checked.at(-1)!.points!.perSecond).toBeGreaterThan(0);
});

test('true labels of generated points are refused: there are none', async () => {
  await expect(fitTheorem({ sample: { generated: 5 }, labels: 'true' })).rejects.toMatchObject({
    type: 'InvalidInput',
    message: 'Generated points have no true labels: take random or real ones.',
  });
});

test('a single point has its network', async () => {
  const numbers = await numbersOf(await fitTheorem({ sample: images(1) }));
  expect(numbers).toMatchObject({ n: 1, weights: 2 + D, exact: { equal: 1 } });
});
