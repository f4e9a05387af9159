import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type BatchRequest,
  type ImageBatch,
  type ImageSplit,
  type LoadOptions,
  loadBatches,
} from '../../../../activities/data/imagenet/batches.ts';
import { decodeImage } from '../../../../activities/data/imagenet/decode.ts';
import { indexImages, readSplit } from '../../../../activities/data/imagenet/stored-index.ts';
import { openFiles } from '../../../../activities/data/sources/open-files.ts';
import { sha256 } from '../../../../activities/identity/identity.ts';
import { createMemoryStore } from '../../../../activities/store/memory.ts';
import { batchesFrom, stepsPerEpoch } from '../../../../activities/training/batch-order.ts';
import { serveFiles } from '../sources/range-server.ts';
import { folderFiles, folderWith, type GeneratedImage, generateImages, shardFiles } from './generated.ts';

const { signal } = new AbortController();
const OPTIONS: LoadOptions = { augmentation: { seed: 3 }, ahead: 2, signal };

let images: GeneratedImage[];
let shards: ImageSplit;
const removers: (() => unknown)[] = [];
beforeAll(async () => {
  images = await generateImages({ classes: 4, train: 10, val: 2 });
  shards = await splitOf(await temporary(shardFiles(images, { perShard: 15 })));
});
afterAll(() => Promise.all(removers.map((remove) => remove())));

async function temporary(files: Record<string, Buffer>) {
  const { folder, remove } = await folderWith(files);
  removers.push(remove);
  return folder;
}

async function splitOf(source: string): Promise<ImageSplit> {
  const store = createMemoryStore();
  const files = openFiles(source);
  const index = await readSplit(store, await indexImages(store, files, () => {}, signal), 'train', signal);
  return { files, index, labels: index.labels };
}

/** The requests of a training with batches of 16 of its 40 images, from a step on. */
function* requestsFrom(step: number): Generator<BatchRequest> {
  const steps = stepsPerEpoch(40, 16);
  for (const indices of batchesFrom(step, { images: 40, batchSize: 16, seed: 7 })) {
    yield { epoch: Math.floor(step++ / steps), indices };
  }
}

const first = <T>(n: number, all: Iterable<T>): T[] => {
  const taken: T[] = [];
  for (const one of all) if (taken.push(one) === n) break;
  return taken;
};

/** Batches with their pixels' digest, which compares faster than four million numbers. */
async function load(requests: Iterable<BatchRequest>, split = shards, options: Partial<LoadOptions> = {}) {
  const batches: (ImageBatch & { digest: string })[] = [];
  for await (const batch of loadBatches(requests, split, { ...OPTIONS, ...options })) {
    batches.push({ ...batch, digest: sha256(batch.images) });
  }
  return batches;
}

const digests = (batches: { indices: Int32Array; labels: Int32Array; digest: string }[]) =>
  batches.map(({ indices, labels, digest }) => ({ indices, labels, digest }));

test('a batch has its images, decoded with the draws of their names, and their labels', async () => {
  const [request] = requestsFrom(0);
  const [batch] = await load([request!], shards, { augmentation: null });
  expect(batch!.labels).toEqual(request!.indices.map((i) => shards.index.labels[i]!));
  for (const [place, i] of request!.indices.entries()) {
    const { jpeg } = images.find(({ name }) => name === shards.index.names[i])!;
    const own = batch!.images.subarray(place * 299 * 299 * 3, (place + 1) * 299 * 299 * 3);
    expect((await decodeImage('x', jpeg, null)).equals(own)).toBe(true);
  }
});

test('labels are those that are handed in', async () => {
  const labels = shards.index.labels.map((_, i) => 100 + i);
  const [batch] = await load(first(1, requestsFrom(0)), { ...shards, labels });
  expect(batch!.labels).toEqual(batch!.indices.map((i) => 100 + i));
});

test('entered in the middle of an epoch, the stream goes on byte for byte as if it had not been left', async () => {
  const whole = await load(first(7, requestsFrom(0))); // two epochs of three batches, and one
  for (const step of [1, 2, 4]) {
    expect(digests(await load(first(7 - step, requestsFrom(step))))).toEqual(digests(whole.slice(step)));
  }
  expect(whole.map(({ labels }) => labels.length)).toEqual([16, 16, 8, 16, 16, 8, 16]);
});

test('an image is augmented anew in every epoch, and as the seed says', async () => {
  const one = { epoch: 0, indices: Int32Array.of(5) };
  const [batch] = await load([one]);
  const [again] = await load([one]);
  const [later] = await load([{ ...one, epoch: 1 }]);
  const [seeded] = await load([one], shards, { augmentation: { seed: 4 } });
  expect(again!.digest).toBe(batch!.digest);
  expect(new Set([batch, later, seeded].map((one) => one!.digest)).size).toBe(3);
});

test('class folders, other shards and a server give the same batches', async () => {
  const expected = digests(await load(first(4, requestsFrom(0))));
  const folders = await splitOf(await temporary(folderFiles(images)));
  expect(digests(await load(first(4, requestsFrom(0)), folders))).toEqual(expected);
  const others = await splitOf(await temporary(shardFiles(images.toReversed(), { perShard: 40 })));
  expect(digests(await load(first(4, requestsFrom(0)), others))).toEqual(expected);
  const server = await serveFiles(shardFiles(images, { perShard: 15 }));
  removers.push(server.stop);
  const remote = await splitOf(`${server.url}/train-{000000..000002}.tar ${server.url}/val-000000.tar`);
  expect(digests(await load(first(4, requestsFrom(0)), remote))).toEqual(expected);
});

test('how many batches are read ahead changes nothing but that: no more are begun', async () => {
  let begun = 0;
  function* counting() {
    for (const request of first(5, requestsFrom(0))) {
      begun++;
      yield request;
    }
  }
  const seen: number[] = [];
  const found: string[] = [];
  for await (const { images: pixels } of loadBatches(counting(), shards, { ...OPTIONS, ahead: 2 })) {
    found.push(sha256(pixels));
    seen.push(begun);
  }
  expect(seen).toEqual([3, 4, 5, 5, 5]);
  const oneByOne = await load(first(5, requestsFrom(0)), shards, { ahead: 0 });
  expect(found).toEqual(oneByOne.map(({ digest }) => digest));
});

test('a caller that leaves early stops the reading', async () => {
  const reads: string[] = [];
  const files: ImageSplit['files'] = {
    ...shards.files,
    read: (path, ...rest) => {
      reads.push(path);
      return shards.files.read(path, ...rest);
    },
  };
  for await (const _ of loadBatches(requestsFrom(0), { ...shards, files }, { ...OPTIONS, ahead: 20 })) break;
  const atTheEnd = reads.length;
  await new Promise((later) => setTimeout(later, 100));
  expect(reads).toHaveLength(atTheEnd);
  expect(atTheEnd).toBeLessThan(150); // of some 290 that would have been read: 16, 64 at once, those that followed them
});

test('an image that cannot be decoded is named with its shard', async () => {
  const broken = images.map((image, i) =>
    i === 9 ? { ...image, jpeg: image.jpeg.subarray(0, 700) } : image,
  );
  const split = await splitOf(await temporary(shardFiles(broken, { perShard: 15 })));
  await expect(load(first(3, requestsFrom(0)), split)).rejects.toMatchObject({
    type: 'MalformedSource',
    message: expect.stringMatching(/^n00000001_2 in train-000000\.tar of .+ cannot be decoded/),
  });
});

test('an image that was changed since it was indexed is named with its shard', async () => {
  const folder = await temporary(shardFiles(images, { perShard: 15 }));
  const split = await splitOf(folder);
  const place = split.index.names.indexOf('n00000001_2');
  const shard = join(folder, split.index.paths[place]!);
  const bytes = await readFile(shard);
  bytes[split.index.offsets[place]! + 300]! ^= 1;
  await writeFile(shard, bytes);
  await expect(load(first(3, requestsFrom(0)), split)).rejects.toMatchObject({
    type: 'DigestMismatch',
    message: expect.stringMatching(
      /^n00000001_2 in train-000000\.tar of .+ is not the image that was indexed/,
    ),
  });
});
