/** The step that descends, on generated points of the form of CIFAR-10. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, expect, test } from 'vitest';
import type { DatasetId, DescendedLinear } from '../../activities/contract.ts';
import { decodeNpy } from '../../activities/data/npy.ts';
import { keepDataset } from '../../activities/data/stored-dataset.ts';
import { createDescendLinear } from '../../activities/descend-linear.ts';
import { parseDescent } from '../../activities/linear/linear-files.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { listed } from '../faults/lab.ts';
import { environment } from './environment.ts';
import { generatedDataset } from './theory/generated-dataset.ts';

const ID = { name: 'procedural', sha256: '0'.repeat(64) } as const satisfies DatasetId;
const [N, D] = [12, 3072];

async function newStore(): Promise<Store> {
  const store = createMemoryStore();
  const dataset = generatedDataset(40);
  dataset.train.images.copyWithin(30 * D, 3 * D, 4 * D); // one image twice
  await keepDataset(store, ID, { form: 'generated', classes: [], dataset }, () => Buffer.from('{}'));
  return store;
}

let store: Store;
beforeEach(async () => {
  store = await newStore();
});

type Request = Parameters<ReturnType<typeof createDescendLinear>>[0];

/** A clock that moves on by so much whenever it is looked at: an hour keeps every iterate. */
function descend(changes: Partial<Request> = {}, hours = 0): Promise<DescendedLinear> {
  let looks = 0;
  const now = () => new Date(hours * 3_600_000 * looks++);
  const activity = createDescendLinear({ store, environment, now });
  const request: Request = {
    dataset: ID,
    points: N,
    pointsPerDimension: 1 / 16,
    testImages: 10,
    seed: 1,
    ...changes,
  };
  return new MockActivityEnvironment().run(activity, request);
}

const digests = async (of: Store) =>
  (await Promise.all((await listed(of, 'linear/descent/')).map(({ key }) => of.head(key))))
    .filter((ref) => ref !== null)
    .filter(({ key }) => !key.includes('ro-crate'));

test('numbers and weights are files that others open', async () => {
  const { folder, numbers, interpolants, points } = await descend();

  expect(folder).toMatch(/^linear\/descent\/[0-9a-f]{20}$/);
  expect(points).toEqual({ count: N, dimensions: D });
  const found = parseDescent(await store.get(numbers));
  expect(found).toMatchObject({ n: N, d: D, optima: { ranks: [N, N], dimensions: D } });
  expect(found.looks.at(-1)!.true.distance).toBeLessThanOrEqual(1e-4);
  expect(interpolants.map(({ name }) => name)).toEqual([
    'linear',
    'linear-random-labels',
    'linear-elsewhere',
  ]);
  const weights = await store.get((await store.head(`${folder}/weights-elsewhere.npy`))!);
  expect(decodeNpy(weights, 'float64').shape).toEqual([D, 10]);
});

test('a second time, later, it is answered from the store', async () => {
  const first = await descend();
  const kept = await listed(store, '');

  expect(await descend({}, 1)).toEqual(first);
  expect(await listed(store, '')).toEqual(kept);
});

test('without a number of points it takes their part of the pixels, and no more than there are', async () => {
  expect((await descend({ points: null, pointsPerDimension: 1 / 256 })).points.count).toBe(12);
  await expect(descend({ points: null })).rejects.toThrow('Point 30'); // all 40
});

test('attempts that die in the middle are gone on with from the newest iterate, to the same bytes', async () => {
  await descend();
  const expected = await digests(store);

  store = await newStore();
  const { putIfAbsent } = store;
  const kept: string[] = [];
  const dieAfter = (iterates: number) => {
    store.putIfAbsent = (key, ...rest) => {
      if (key.endsWith('.json') && key.includes('/iterates/')) {
        if (kept.length === iterates) return Promise.reject(new Error('killed'));
        kept.push(key);
      }
      return putIfAbsent(key, ...rest);
    };
  };
  dieAfter(1);
  await expect(descend({}, 1)).rejects.toThrow('killed');
  dieAfter(2);
  await expect(descend({}, 1)).rejects.toThrow('killed');
  store.putIfAbsent = putIfAbsent;
  await descend();

  expect(kept.map((key) => /iterates\/0*(\d+)\.json$/.exec(key)?.[1])).toEqual(['1', '2']);
  expect(await digests(store)).toEqual(expected);
  expect((await listed(store, 'linear/')).filter(({ key }) => key.includes('iterates'))).toEqual([]);
});

test('points as many as pixels, and an image that stands twice, are refused with the way out', async () => {
  await expect(descend({ points: 31 })).rejects.toMatchObject({
    type: 'InvalidInput',
    message: expect.stringContaining('Take at most 30 points'),
  });
});
