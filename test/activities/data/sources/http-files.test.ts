import { afterEach, expect, test } from 'vitest';
import { piecesOf, type SourceFile } from '../../../../activities/data/sources/files.ts';
import { openFiles } from '../../../../activities/data/sources/open-files.ts';
import { serveFiles } from './range-server.ts';

const { signal } = new AbortController();
const CONTENT = Buffer.from(Uint8Array.from({ length: 1000 }, (_, i) => i % 251));

let stop = () => {};
afterEach(() => stop());

async function serve(...served: Parameters<typeof serveFiles>) {
  const server = await serveFiles(...served);
  stop = server.stop;
  return server;
}

async function listOf(source: string): Promise<SourceFile[]> {
  const listed: SourceFile[] = [];
  for await (const file of openFiles(source).list(signal)) listed.push(file);
  return listed;
}

test('a range in braces stands for all its numbers, with as many digits', async () => {
  const names = ['train-08.tar', 'train-09.tar', 'train-10.tar', 'val-0.tar'];
  const { url } = await serve(Object.fromEntries(names.map((name) => [name, CONTENT])));
  const listed = await listOf(`${url}/train-{08..10}.tar  ${url}/val-0.tar`);
  expect(listed.map(({ path }) => path)).toEqual(names.map((name) => `${url}/${name}`));
  expect(listed[0]).toMatchObject({ bytes: 1000, version: '"1000"' });
});

test('a piece is asked for as a range, and the last one ends with its file', async () => {
  const { url, requests } = await serve({ 'a.tar': CONTENT });
  const files = openFiles(url);
  expect(await files.read(`${url}/a.tar`, { offset: 10, bytes: 5 }, signal)).toEqual(
    CONTENT.subarray(10, 15),
  );
  expect(await files.read(`${url}/a.tar`, { offset: 990, bytes: 50 }, signal)).toEqual(CONTENT.subarray(990));
  expect(await files.read(`${url}/a.tar`, { offset: 1000, bytes: 5 }, signal)).toEqual(Buffer.alloc(0));
  expect(requests[0]).toBe('GET /a.tar bytes=10-14');
});

test('a file larger than a piece comes in pieces, in order', async () => {
  const large = Buffer.from(Uint32Array.from({ length: 5 * 2 ** 20 }, (_, i) => i).buffer); // 20 MiB
  const { url, requests } = await serve({ 'a.tar': large });
  const pieces: Buffer[] = [];
  const file = { path: `${url}/a.tar`, bytes: large.length, version: '' };
  for await (const piece of piecesOf(openFiles(url), file, signal)) pieces.push(piece);
  expect(requests).toHaveLength(3);
  expect(Buffer.concat(pieces).equals(large)).toBe(true);
});

test('a connection that breaks and a busy server are asked again', async () => {
  let requests = 0;
  const { url } = await serve({ 'a.tar': CONTENT }, (_request, response) => {
    requests++;
    if (requests === 1) response.destroy();
    if (requests === 2) response.writeHead(503).end();
    return requests <= 2;
  });
  const piece = await openFiles(url).read(`${url}/a.tar`, { offset: 0, bytes: 3 }, signal);
  expect(piece).toEqual(CONTENT.subarray(0, 3));
  expect(requests).toBe(3);
});

test('a server that stays away fails so that a later attempt may go on', async () => {
  const { url } = await serve({}, (_request, response) => response.destroy() !== undefined);
  await expect(openFiles(url).read(`${url}/a.tar`, { offset: 0, bytes: 3 }, signal)).rejects.toMatchObject({
    type: 'SourceUnreachable',
    message: expect.stringMatching(
      /a\.tar could not be read in 7 attempts \(.+\): the training goes on when/,
    ),
  });
});

test('a missing shard is refused at once', async () => {
  const { url, requests } = await serve({});
  await expect(listOf(`${url}/train-{0..0}.tar`)).rejects.toMatchObject({
    type: 'DatasetUnavailable',
    message: `${url}/train-0.tar answered HTTP 404: expected a tar shard that this worker may read.`,
  });
  expect(requests).toHaveLength(1);
});

test('a server without ranges is refused with the way out', async () => {
  const { url } = await serve({}, (_request, response) => response.end(CONTENT) !== undefined);
  await expect(openFiles(url).read(`${url}/a.tar`, { offset: 5, bytes: 3 }, signal)).rejects.toThrow(
    'was asked for a range of bytes and answered HTTP 200: expected a server that knows ranges; copy the shards',
  );
});

test('a read ends with the reason of whoever stops it', async () => {
  const { url } = await serve({}, () => true); // never answers
  const stopping = new AbortController();
  const reading = openFiles(url).read(`${url}/a.tar`, { offset: 0, bytes: 3 }, stopping.signal);
  stopping.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
});
