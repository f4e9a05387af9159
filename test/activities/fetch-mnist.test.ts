import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatasetRef } from '../../activities/contract.ts';
import { FILES, OFFICIAL } from '../../activities/data/mnist.ts';
import { decodeNpy } from '../../activities/data/npy.ts';
import { createFetchDataset } from '../../activities/fetch-dataset.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { mnistFiles } from './data/digits.ts';
import { environment } from './environment.ts';

const WHOLE = mnistFiles({ train: 30, test: 10 });
const TEST_IMAGES = mnistFiles({ test: 50 });

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnist-'));
  store = createMemoryStore();
});

afterEach(() => rm(folder, { recursive: true }));

function fetchMnist(source: string | null, official: Partial<typeof OFFICIAL> = {}): Promise<DatasetRef> {
  const activity = createFetchDataset({
    store,
    sources: {},
    cacheFolder: join(folder, 'cache'),
    officialMnist: { ...OFFICIAL, mirrors: [], ...official },
    environment,
    now: () => new Date(0),
  });
  return new MockActivityEnvironment().run(activity, { name: 'mnist' as const, source });
}

async function folderOf(name: string, files: Record<string, Buffer>): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(path, file), bytes);
  return path;
}

/** Answers 404 for what it does not have. */
async function serve<T>(files: Record<string, Buffer>, during: (origin: string) => Promise<T>): Promise<T> {
  const server = createServer(({ url = '' }, response) => {
    const bytes = files[url.slice('/mnist/'.length)];
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    return await during(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mnist`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const digestsOf = (files: Record<string, Buffer>) =>
  Object.fromEntries(Object.entries(files).map(([file, bytes]) => [file, md5(bytes)]));

test('the official files come from the first mirror that has them, are checked and remembered', async () => {
  const dataset = await serve(WHOLE, (origin) =>
    fetchMnist(null, { mirrors: [`${origin}/elsewhere`, origin], md5: digestsOf(WHOLE) }),
  );
  expect(dataset).toMatchObject({
    id: { name: 'mnist' },
    form: 'idx',
    title: 'MNIST (30 + 10 images)',
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  });
  const { shape } = decodeNpy(await store.get(dataset.train.images), 'uint8');
  expect(shape).toEqual([30, 28, 28, 1]);
  expect(await store.head(OFFICIAL.recordKey)).not.toBeNull();
  expect(await fetchMnist(null)).toEqual(dataset); // the server is gone
});

test('files with other digests than the official ones are refused', async () => {
  const ended = serve(WHOLE, (origin) => fetchMnist(null, { mirrors: [origin] }));
  await expect(ended).rejects.toMatchObject({
    type: 'DigestMismatch',
    message: expect.stringMatching(
      /expected f68b3c2dcbeaaa9fbdd348bbdeb94873: .* with RETHINKING_MNIST, --mnist or /,
    ),
  });
});

test('a folder, an address and a folder of the store give one data set, compressed or plain', async () => {
  const local = await fetchMnist(await folderOf('gz', WHOLE));
  const plain = Object.entries(WHOLE).map(([file, bytes]) => [file.replace('.gz', ''), gunzipSync(bytes)]);
  const remote = await serve(Object.fromEntries(plain), fetchMnist);
  for (const [file, bytes] of Object.entries(WHOLE)) await store.putIfAbsent(`sources/x/${file}`, bytes);
  const stored = await fetchMnist('store:sources/x');
  expect([remote.id, stored.id]).toEqual([local.id, local.id]);
});

test('test images alone are split, four of five to train, every image once, and stamped', async () => {
  const dataset = await serve(TEST_IMAGES, fetchMnist);
  expect(dataset).toMatchObject({
    form: 'idx-test-images',
    title: 'MNIST test images, split (40 + 10)',
    train: { count: 40 },
    test: { count: 10 },
  });
  const labels = await Promise.all(
    [dataset.train, dataset.test].map(async (part) => [
      ...decodeNpy(await store.get(part.labels), 'uint8').data,
    ]),
  );
  expect(labels.flat().sort()).toEqual(Array.from({ length: 50 }, (_, i) => Math.floor(i / 5)));
});

test('the split does not depend on the order of the files’ images', async () => {
  const one = await fetchMnist(await folderOf('one', TEST_IMAGES));
  const images = gunzipSync(TEST_IMAGES[FILES.test.images]!);
  const labels = gunzipSync(TEST_IMAGES[FILES.test.labels]!);
  const [first, last] = [images.subarray(16, 16 + 784), images.subarray(-784)];
  const exchanged = Buffer.concat([images.subarray(0, 16), last, images.subarray(800, -784), first]);
  const exchangedLabels = Buffer.concat([
    labels.subarray(0, 8),
    labels.subarray(-1),
    labels.subarray(9, -1),
    labels.subarray(8, 9),
  ]);
  const files = {
    't10k-images-idx3-ubyte': exchanged,
    't10k-labels-idx1-ubyte': exchangedLabels,
  };
  expect((await fetchMnist(await folderOf('other', files))).id).toEqual(one.id);
});

test('half of a pair, no test images, an empty folder and none at all are refused by name', async () => {
  const { [FILES.train.labels]: _, ...half } = WHOLE;
  await expect(fetchMnist(await folderOf('half', half))).rejects.toThrow(
    'half has train-images-idx3-ubyte.gz and no train-labels-idx1-ubyte.gz: images and labels go together.',
  );
  await expect(fetchMnist(await folderOf('empty', {}))).rejects.toMatchObject({
    type: 'MalformedSource',
    message: expect.stringContaining('empty has no t10k-images-idx3-ubyte.gz: expected MNIST’s four files'),
  });
  await expect(fetchMnist('/no/such/folder')).rejects.toThrow(
    '/no/such/folder does not exist on this worker: expected the folder of MNIST’s files',
  );
});
