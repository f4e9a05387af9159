import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, expect, test } from 'vitest';
import type {
  Augmentation,
  Corruption,
  DatasetId,
  ObjectRef,
  PreparedDataset,
} from '../../activities/contract.ts';
import { decodeNpy } from '../../activities/data/npy.ts';
import { keepDataset } from '../../activities/data/stored-dataset.ts';
import { createPrepareDataset } from '../../activities/prepare-dataset.ts';
import { createMemoryStore, type MemoryObject } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { pixels } from './data/archives.ts';

const ID = { name: 'cifar10', sha256: '0'.repeat(64) } as const satisfies DatasetId;
const INTACT: Corruption = { labels: 0, pixels: 'intact', seed: 1 };
const TRAIN = 40;
const TEST = 12;

let objects: Map<string, MemoryObject>;
let store: Store;

beforeEach(async () => {
  objects = new Map();
  store = createMemoryStore(objects);
  const split = (first: number, count: number) => ({
    images: Buffer.concat(Array.from({ length: count }, (_, i) => pixels(first + i))),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  });
  const dataset = { train: split(0, TRAIN), test: split(TRAIN, TEST) };
  await keepDataset(store, ID, { form: 'binary', classes: [], dataset }, () => Buffer.from('{}'));
});

function prepare(
  corruption: Partial<Corruption> = {},
  trainImages: number | null = null,
  testImages: number | null = null,
  augmentation: Augmentation = { crop: false, flip: false },
): Promise<PreparedDataset> {
  const activity = createPrepareDataset({
    store,
    environment: {
      code: { name: 'rethinking-generalization', version: '0.1.0', commit: null },
      node: 'v20',
      platform: 'linux',
      cpu: 'test',
      tensorflow: null,
      device: 'none',
      threads: 1,
    },
    now: () => new Date(0),
  });
  const request = {
    dataset: ID,
    trainImages,
    testImages,
    corruption: { ...INTACT, ...corruption },
    augmentation,
  };
  return new MockActivityEnvironment().run(activity, request);
}

const labelsOf = async (ref: ObjectRef) => [...decodeNpy(await store.get(ref), 'uint8').data];
const imagesOf = async (ref: ObjectRef) => decodeNpy(await store.get(ref), 'float32');

test('both splits are whitened crops with their labels', async () => {
  const { train, test: held } = await prepare();
  const { shape, data } = await imagesOf(train.images);
  expect(shape).toEqual([TRAIN, 28, 28, 3]);
  expect(Math.abs(data.subarray(0, 2352).reduce((sum, x) => sum + x, 0))).toBeLessThan(1e-3); // 2,352 × 4e-7
  expect((await imagesOf(held.images)).shape).toEqual([TEST, 28, 28, 3]);
  expect(await labelsOf(held.labels)).toEqual(Array.from({ length: TEST }, (_, i) => i % 10));
});

test('augmented training images are the stored ones, whole; test images and labels are as ever', async () => {
  const plain = await prepare({ labels: 1 });
  const augmented = await prepare({ labels: 1 }, 16, null, { crop: true, flip: false });
  const { shape } = decodeNpy(await store.get(augmented.train.images), 'uint8');
  expect([shape, augmented.train.count]).toEqual([[TRAIN, 32, 32, 3], 16]);
  expect(await labelsOf(augmented.train.labels)).toEqual((await labelsOf(plain.train.labels)).slice(0, 16));
  expect((await imagesOf(augmented.test.images)).shape).toEqual([TEST, 28, 28, 3]);
});

test('a subset takes the first images, and null all of them', async () => {
  const all = await prepare();
  const some = await prepare({}, 16, 10);
  expect([some.train.count, some.test.count]).toEqual([16, 10]);
  const whole = await imagesOf(all.train.images);
  expect((await imagesOf(some.train.images)).data).toEqual(whole.data.subarray(0, 16 * 2352));
  expect(await prepare({}, TRAIN, TEST)).toEqual(all);
});

test('random labels change what is trained on, and keep the true ones beside it', async () => {
  const { train } = await prepare({ labels: 1 });
  const clean = Array.from({ length: TRAIN }, (_, i) => i % 10);
  expect(await labelsOf(train.cleanLabels)).toEqual(clean);
  expect(await labelsOf(train.labels)).not.toEqual(clean);
});

test('test labels are never corrupted', async () => {
  const { test: held } = await prepare({ labels: 1 });
  expect(await labelsOf(held.labels)).toEqual(Array.from({ length: TEST }, (_, i) => i % 10));
});

test('label corruption writes no images', async () => {
  const before = await prepare();
  const after = await prepare({ labels: 0.5, seed: 7 });
  expect(after.train.images).toEqual(before.train.images);
  expect(after.test.images).toEqual(before.test.images);
});

test('images depend on the seed only when their pixels are corrupted', async () => {
  const keys = await Promise.all(
    (['intact', 'shuffled', 'random', 'gaussian'] as const).map(async (kind) => {
      const one = await prepare({ pixels: kind, seed: 1 });
      const other = await prepare({ pixels: kind, seed: 2 });
      return one.train.images.key === other.train.images.key;
    }),
  );
  expect(keys).toEqual([true, false, false, false]);
});

test('shuffled pixels move alike in training and test images', async () => {
  const intact = await prepare();
  const shuffled = await prepare({ pixels: 'shuffled' });
  const pixelAt = async (ref: ObjectRef, position: number) =>
    (await imagesOf(ref)).data.subarray(position * 3, position * 3 + 3).join();
  const origin = async (before: ObjectRef, after: ObjectRef) => {
    const moved = await pixelAt(after, 100);
    const { data } = await imagesOf(before);
    return Array.from({ length: 784 }, (_, i) => i).filter(
      (i) => data.subarray(i * 3, i * 3 + 3).join() === moved,
    );
  };
  const inTrain = await origin(intact.train.images, shuffled.train.images);
  const inTest = await origin(intact.test.images, shuffled.test.images);
  expect(inTrain.filter((position) => inTest.includes(position)).length).toBeGreaterThan(0);
});

test('what is prepared already is answered without reading a single array', async () => {
  const first = await prepare({ labels: 0.3, pixels: 'random' });
  for (const [key, object] of objects)
    if (key.endsWith('-images.npy')) object.bytes = Buffer.alloc(object.bytes.length);
  expect(await prepare({ labels: 0.3, pixels: 'random' })).toEqual(first);
});

test('a file that was lost is made again, the same', async () => {
  const first = await prepare({ pixels: 'gaussian' });
  await store.delete([first.test.images.key]);
  expect(await prepare({ pixels: 'gaussian' })).toEqual(first);
});

test("provenance names the data set's arrays and the corruption", async () => {
  const { provenance, train } = await prepare({ labels: 0.5 });
  const graph = (await store.get(provenance)).toString();
  expect(graph).toContain(train.images.sha256);
  expect(graph).toContain('"labels"');
});

test('more images than there are is an error that says how many there are', async () => {
  await expect(prepare({}, 41)).rejects.toMatchObject({
    type: 'InvalidInput',
    message:
      'trainImages is 41, and CIFAR-10 (40 + 12 images) has 40: ask for 40 or fewer, or for null, which takes all.',
  });
});

test('a data set that is not in the store is named', async () => {
  await store.delete([`datasets/cifar10/${ID.sha256}/dataset.json`]);
  await expect(prepare()).rejects.toMatchObject({ type: 'DatasetUnavailable' });
});

test('a damaged array is set aside, so that the next start fetches it anew', async () => {
  const key = `datasets/cifar10/${ID.sha256}/train-images.npy`;
  objects.get(key)!.bytes = Buffer.from('damaged');
  await expect(prepare()).rejects.toThrow(`${key} was damaged and has been set aside: start again`);
  expect(await store.head(key)).toBeNull();
});
