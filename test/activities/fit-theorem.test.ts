/** The step that builds Theorem 1, on generated points of the form of CIFAR-10. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, expect, test } from 'vitest';
import { type DatasetId, type FittedTheorem, TheoremNumbers } from '../../activities/contract.ts';
import { decodeNpy } from '../../activities/data/npy.ts';
import { keepDataset } from '../../activities/data/stored-dataset.ts';
import { createFitTheorem } from '../../activities/fit-theorem.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { decodeSafetensors } from '../../activities/tensorflow/safetensors.ts';
import { environment } from './environment.ts';
import { generatedDataset } from './theory/generated-dataset.ts';

const ID: DatasetId = { name: 'procedural', sha256: '0'.repeat(64) };
const [N, D] = [120, 3072];

let store: Store;
beforeEach(async () => {
  store = createMemoryStore();
  const dataset = generatedDataset(N);
  dataset.train.images.copyWithin(110 * D, 3 * D, 4 * D); // one image twice
  await keepDataset(store, ID, { form: 'generated', classes: [], dataset }, () => Buffer.from('{}'));
});

type Request = Parameters<ReturnType<typeof createFitTheorem>>[0];

function fitTheorem(changes: Partial<Request> = {}, time = 0): Promise<FittedTheorem> {
  const activity = createFitTheorem({ store, environment, now: () => new Date(time) });
  const request: Request = { dataset: ID, points: null, labels: 'random', seed: 1, ...changes };
  return new MockActivityEnvironment().run(activity, request);
}

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
    await fitTheorem({ points: 50 }),
    await fitTheorem({ labels: 'real' }),
    await fitTheorem({ seed: 2 }),
  ];

  expect(new Set(all.map(({ folder }) => folder)).size).toBe(4);
  expect(all[1].points.distinct).toBe(50);
});

test('more points than there are is all of them', async () => {
  expect(await fitTheorem({ points: 10_000 })).toEqual(await fitTheorem());
});

test('true labels that make one image two classes are refused with both places', async () => {
  // Image 110 is image 3 again, and its label is another one.
  await expect(fitTheorem({ labels: 'true' })).rejects.toMatchObject({
    type: 'InvalidInput',
    message: expect.stringContaining('3 and 110 (labels 3 and 0)'),
  });
});

test('a single point has its network', async () => {
  const numbers = await numbersOf(await fitTheorem({ points: 1 }));
  expect(numbers).toMatchObject({ n: 1, weights: 2 + D, exact: { equal: 1 } });
});
