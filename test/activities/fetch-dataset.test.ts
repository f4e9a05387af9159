import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatasetName, DatasetRef } from '../../activities/contract.ts';
import { OFFICIAL } from '../../activities/data/cifar10.ts';
import { decodeNpy } from '../../activities/data/npy.ts';
import { createFetchDataset } from '../../activities/fetch-dataset.ts';
import { createMemoryStore, type MemoryObject } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { binaryFiles, pythonFiles, tarGz, uniformFolders } from './data/archives.ts';

const BINARY = tarGz(binaryFiles());

let folder: string;
let objects: Map<string, MemoryObject>;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-'));
  objects = new Map();
  store = createMemoryStore(objects);
});

afterEach(() => rm(folder, { recursive: true }));

interface Request {
  environment?: MockActivityEnvironment;
  name?: DatasetName;
  source?: string | null;
  configured?: string;
  official?: typeof OFFICIAL;
}

function fetchDataset(request: Request): Promise<DatasetRef> {
  const { name = 'cifar10', source = null, configured, official } = request;
  const { environment = new MockActivityEnvironment() } = request;
  const activity = createFetchDataset({
    store,
    sources: configured ? { cifar10: configured } : {},
    cacheFolder: join(folder, 'cache'),
    official: official ?? { ...OFFICIAL, mirrors: [] },
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
  return environment.run(activity, { name, source });
}

async function archiveAt(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function serve<T>(bytes: Buffer, during: (origin: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => response.end(bytes));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    return await during(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a path gives a data set whose arrays are in the store, in canonical order', async () => {
  const dataset = await fetchDataset({ source: await archiveAt('any-name', BINARY) });
  expect(dataset).toMatchObject({
    id: { name: 'cifar10' },
    form: 'binary',
    title: 'CIFAR-10 (20 + 4 images)',
    train: { count: 20 },
    test: { count: 4 },
  });
  const { shape, data } = decodeNpy(await store.get(dataset.train.images), 'uint8');
  expect(shape).toEqual([20, 32, 32, 3]);
  const labels = decodeNpy(await store.get(dataset.train.labels), 'uint8').data;
  const first = createHash('sha256')
    .update(labels.subarray(0, 1))
    .update(data.subarray(0, 3072))
    .digest('hex');
  const second = createHash('sha256')
    .update(labels.subarray(1, 2))
    .update(data.subarray(3072, 6144))
    .digest('hex');
  expect(first < second).toBe(true);
  const record = JSON.parse((await store.get(dataset.provenance)).toString());
  expect(record['@context']).toBeDefined();
});

test('the same images from another form are the same data set', async () => {
  const binary = await fetchDataset({ source: await archiveAt('binary', BINARY) });
  const python = await fetchDataset({ source: await archiveAt('python', tarGz(pythonFiles())) });
  expect(python).toEqual(binary);
});

test('JPEG-sourced images are stamped', async () => {
  const source = await archiveAt('folders', tarGz(await uniformFolders('jpeg')));
  const { form, title } = await fetchDataset({ source });
  expect({ form, title }).toEqual({
    form: 'folders-jpeg',
    title: 'CIFAR-10 (JPEG-sourced, 10 + 10 images)',
  });
});

test('a known path is not read again: its bytes may be gone while its size and time are the same', async () => {
  const source = await archiveAt('binary', BINARY);
  const time = new Date(1_000_000_000_000);
  await utimes(source, time, time);
  const first = await fetchDataset({ source });
  await writeFile(source, Buffer.alloc(BINARY.length));
  await utimes(source, time, time);
  expect(await fetchDataset({ source })).toEqual(first);
});

test('a file that has changed is read', async () => {
  const source = await archiveAt('binary', BINARY);
  await fetchDataset({ source });
  await writeFile(source, Buffer.alloc(BINARY.length));
  await expect(fetchDataset({ source })).rejects.toThrow('is not a tar archive');
});

test('an archive in the store is known by its digest, whatever path it was read from before', async () => {
  const first = await fetchDataset({ source: await archiveAt('binary', BINARY) });
  const { key } = await store.putIfAbsent('sources/x/binary.tar.gz', BINARY);
  objects.get(key)!.bytes = Buffer.from('not read again');
  expect(await fetchDataset({ source: `store:${key}` })).toEqual(first);
});

test('an archive in the store is read from there', async () => {
  const { key } = await store.putIfAbsent('sources/x/binary.tar.gz', BINARY);
  expect((await fetchDataset({ source: `store:${key}` })).train.count).toBe(20);
});

test('a URL is downloaded once; then it is known', async () => {
  const [first, again] = await serve(BINARY, async (origin) => {
    const source = `${origin}/data`;
    return [await fetchDataset({ source }), () => fetchDataset({ source })] as const;
  });
  expect(await again()).toEqual(first); // the server is gone
});

test("the worker's own source is taken when none is asked for", async () => {
  const configured = await archiveAt('binary', BINARY);
  expect((await fetchDataset({ configured })).train.count).toBe(20);
});

test('the official archive is the last resort, comes from a mirror and is remembered where the record is looked for', async () => {
  const official = await serve(BINARY, async (origin) => {
    const mirrors = [`${origin}/archive.tar.gz`];
    const md5 = { 'archive.tar.gz': createHash('md5').update(BINARY).digest('hex') };
    return fetchDataset({ official: { ...OFFICIAL, mirrors, md5 } });
  });
  expect(official.train.count).toBe(20);
  expect(await store.head(OFFICIAL.recordKey)).not.toBeNull();
  expect(await readFile(join(folder, 'cache', 'sources', 'archive.tar.gz'))).toEqual(BINARY);
});

test('an archive with another digest than the official one is refused', async () => {
  const ended = serve(BINARY, (origin) =>
    fetchDataset({ official: { ...OFFICIAL, mirrors: [`${origin}/cifar-10-binary.tar.gz`] } }),
  );
  await expect(ended).rejects.toMatchObject({
    type: 'DigestMismatch',
    message: expect.stringContaining('expected c32a1d4ab5d03f1284b67883e8d87530'),
  });
});

test('an array that was lost is fetched again', async () => {
  const source = await archiveAt('binary', BINARY);
  const { train } = await fetchDataset({ source });
  await store.delete([train.images.key]);
  await fetchDataset({ source });
  expect(await store.head(train.images.key)).toEqual(train.images);
});

test('a path that does not exist is named', async () => {
  await expect(fetchDataset({ source: '/no/such/file.tar.gz' })).rejects.toMatchObject({
    type: 'DatasetUnavailable',
    message: expect.stringMatching(
      /^\/no\/such\/file\.tar\.gz does not exist on this worker: expected an archive/,
    ),
  });
});

test('an object of the store that does not exist is named', async () => {
  await expect(fetchDataset({ source: 'store:sources/none' })).rejects.toThrow(
    'The store has no object sources/none',
  );
});

test('a truncated archive leaves nothing that would be taken for a data set', async () => {
  const source = await archiveAt('binary', BINARY.subarray(0, -100));
  await expect(fetchDataset({ source })).rejects.toMatchObject({ type: 'MalformedSource' });
  expect([...objects.keys()]).toEqual([]);
});

test('a cancelled fetch ends as cancelled, in the middle of its work', async () => {
  const environment = new MockActivityEnvironment();
  const ended = fetchDataset({ name: 'procedural', environment });
  environment.cancel();
  await expect(ended).rejects.toBeInstanceOf(CancelledFailure);
  expect(objects.size).toBe(0);
});

test('a cancelled reading of an archive is not taken for a damaged archive', async () => {
  const environment = new MockActivityEnvironment();
  const ended = fetchDataset({ source: await archiveAt('binary', BINARY), environment });
  environment.cancel();
  await expect(ended).rejects.toBeInstanceOf(CancelledFailure);
});

test('procedural images need no source and take none', async () => {
  const dataset = await fetchDataset({ name: 'procedural' });
  expect(dataset).toMatchObject({ form: 'generated', train: { count: 10_000 }, test: { count: 2_000 } });
  expect(await fetchDataset({ name: 'procedural' })).toEqual(dataset);
  await expect(fetchDataset({ name: 'procedural', source: 'x' })).rejects.toMatchObject({
    type: 'InvalidInput',
  });
});
