import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { corruptImageLabels } from '../../../../activities/data/imagenet/corrupt-image-labels.ts';
import type { ImageIndex } from '../../../../activities/data/imagenet/image-index.ts';
import { indexImages, readSplit } from '../../../../activities/data/imagenet/stored-index.ts';
import type { SourceFiles } from '../../../../activities/data/sources/files.ts';
import { openFiles } from '../../../../activities/data/sources/open-files.ts';
import { createMemoryStore, type MemoryObject } from '../../../../activities/store/memory.ts';
import { serveFiles } from '../sources/range-server.ts';
import {
  folderFiles,
  folderWith,
  type GeneratedImage,
  generateImages,
  json,
  shardFiles,
} from './generated.ts';

const { signal } = new AbortController();
const quiet = () => {};

let images: GeneratedImage[];
const removers: (() => unknown)[] = [];
beforeAll(async () => {
  images = await generateImages({ train: 10, val: 3 });
});
afterAll(() => Promise.all(removers.map((remove) => remove())));

async function temporary(files: Record<string, Buffer>) {
  const { folder, remove } = await folderWith(files);
  removers.push(remove);
  return folder;
}

const indexed = async (source: string, store = createMemoryStore()) => {
  const ref = await indexImages(store, openFiles(source), quiet, signal);
  const [train, test] = [
    await readSplit(store, ref, 'train', signal),
    await readSplit(store, ref, 'test', signal),
  ];
  return { ref, train, test };
};

/** What an index says of the images themselves. */
const contents = ({ names, labels, digests }: ImageIndex) => ({ names, labels, digests });

test('shards and class folders with the same images are the same data set, in the same order', async () => {
  const shards = await indexed(await temporary(shardFiles(images, { perShard: 30 })));
  const folders = await indexed(await temporary(folderFiles(images)));
  expect(shards.ref).toMatchObject({ form: 'shards', classes: 8, train: { count: 80 }, test: { count: 24 } });
  expect(folders.ref).toMatchObject({ form: 'folders', classes: 8, id: shards.ref.id });
  expect(contents(folders.train)).toEqual(contents(shards.train));
  expect(contents(folders.test)).toEqual(contents(shards.test));
});

test('an index leads to the bytes of every image, in shards and in folders', async () => {
  for (const files of [shardFiles(images, { perShard: 30 }), folderFiles(images)]) {
    const folder = await temporary(files);
    const source = openFiles(folder);
    const { train } = await indexed(folder);
    const read = train.names.map((_, i) =>
      source.read(train.paths[i]!, { offset: train.offsets[i]!, bytes: train.bytes[i]! }, signal),
    );
    const expected = train.names.map((name) => images.find((image) => image.name === name)!.jpeg);
    expect(await Promise.all(read)).toEqual(expected);
  }
});

test('labels in JSON give the same data set as labels in text', async () => {
  const text = await indexed(await temporary(shardFiles(images)));
  const inJson = await indexed(await temporary(shardFiles(images, { sidecar: json })));
  expect(inJson.ref.id.sha256).toBe(text.ref.id.sha256);
});

test('shards behind a server give the same index as those in a folder, places included', async () => {
  const files = shardFiles(images, { perShard: 30 });
  const local = await indexed(await temporary(files));
  const server = await serveFiles(files);
  removers.push(server.stop);
  const remote = await indexed(`${server.url}/train-{000000..000002}.tar ${server.url}/val-000000.tar`);
  expect(remote.ref.id.sha256).toBe(local.ref.id.sha256);
  expect({ ...remote.train, paths: [] }).toEqual({ ...local.train, paths: [] });
  expect(remote.train.paths).toEqual(local.train.paths.map((path) => `${server.url}/${path}`));
});

test('random labels do not move when images change shards', async () => {
  const labelsOf = ({ ref, train }: Awaited<ReturnType<typeof indexed>>) => {
    const labels = corruptImageLabels(train, { p: 1, classes: ref.classes, seed: 5 });
    return Object.fromEntries(train.names.map((name, i) => [name, labels[i]]));
  };
  const one = await indexed(await temporary(shardFiles(images, { perShard: 30 })));
  const other = await indexed(await temporary(shardFiles(images.toReversed(), { perShard: 7 })));
  expect(labelsOf(other)).toEqual(labelsOf(one));
  expect(Object.values(labelsOf(one))).not.toEqual([...one.train.labels]);
});

/** A source that counts what is read of it. */
function counted(source: SourceFiles, onRead: (path: string) => void = quiet) {
  const reads: string[] = [];
  const read: SourceFiles['read'] = (path, ...rest) => {
    reads.push(path);
    onRead(path);
    return source.read(path, ...rest);
  };
  return { ...source, read, reads };
}

test('a source that was indexed before is answered without reading it, one that has changed is read again', async () => {
  const folder = await temporary(shardFiles(images));
  const store = createMemoryStore();
  const first = await indexImages(store, openFiles(folder), quiet, signal);
  const again = counted(openFiles(folder));
  expect(await indexImages(store, again, quiet, signal)).toEqual(first);
  expect(again.reads).toEqual([]);

  const fewer = shardFiles(images.slice(1, 50)); // the first shard without its first image
  await writeFile(join(folder, 'train-000000.tar'), fewer['train-000000.tar']!);
  expect((await indexImages(store, openFiles(folder), quiet, signal)).id).not.toEqual(first.id);
});

test('an interrupted index goes on with the shards that were done', async () => {
  const folder = await temporary(shardFiles(images, { perShard: 5 })); // 16 + 5 shards, eight at once
  const objects = new Map<string, MemoryObject>();
  const store = createMemoryStore(objects);
  const breaking = counted(openFiles(folder), (path) => {
    if (path === 'val-000004.tar') throw new Error('the machine is gone');
  });
  await expect(indexImages(store, breaking, quiet, signal)).rejects.toThrow('the machine is gone');
  const kept = [...objects.keys()].filter((key) => key.startsWith('datasets/imagenet/parts/'));
  expect(kept.length).toBeGreaterThan(0);

  const rest = counted(openFiles(folder));
  const ref = await indexImages(store, rest, quiet, signal);
  expect(rest.reads).toHaveLength(21 - kept.length);
  expect(ref.id.sha256).toBe((await indexed(folder)).ref.id.sha256);
  expect([...objects.keys()].filter((key) => key.includes('/parts/'))).toEqual([]);
});

test('progress ends with all images and all bytes', async () => {
  const told: object[] = [];
  const folder = await temporary(shardFiles(images));
  await indexImages(createMemoryStore(), openFiles(folder), (progress) => told.push(progress), signal);
  const totalBytes = Object.values(shardFiles(images)).reduce((sum, bytes) => sum + bytes.length, 0);
  expect(told.at(-1)).toEqual({ images: images.length, bytes: totalBytes, totalBytes });
});

test('a damaged index is set aside, and made again at the next start', async () => {
  const folder = await temporary(shardFiles(images));
  const objects = new Map<string, MemoryObject>();
  const store = createMemoryStore(objects);
  const ref = await indexImages(store, openFiles(folder), quiet, signal);
  objects.get(ref.train.images.key)!.bytes[100]! ^= 1;
  await expect(readSplit(store, ref, 'train', signal)).rejects.toMatchObject({
    type: 'DatasetUnavailable',
    message: expect.stringContaining('is not whole in the store any more: start again'),
  });
  expect(await indexImages(store, openFiles(folder), quiet, signal)).toEqual(ref);
  expect((await readSplit(store, ref, 'train', signal)).names).toHaveLength(80);
});

test('a source that went away is refused by name', async () => {
  const folder = await temporary(shardFiles(images));
  await rm(folder, { recursive: true });
  removers.pop();
  await expect(indexed(folder)).rejects.toMatchObject({ type: 'DatasetUnavailable' });
});
