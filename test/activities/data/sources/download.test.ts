import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DOWNLOAD_BYTES } from '../../../../activities/data/limits.ts';
import { download } from '../../../../activities/data/sources/download.ts';

const CONTENT = Buffer.from('0123456789'.repeat(1000));
const MD5 = createHash('md5').update(CONTENT).digest('hex');

let folder: string;
let file: string;
let servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-'));
  file = join(folder, 'cache', 'data.tar.gz');
});

afterEach(async () => {
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  servers = [];
  await rm(folder, { recursive: true });
});

/** A mirror and the ranges it was asked for. */
async function mirror(listener: RequestListener) {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    listener(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.tar.gz`, ranges };
}

const serveRanges =
  (content: Buffer): RequestListener =>
  (request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= content.length) response.writeHead(416).end();
    else {
      const headers = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
      response.writeHead(start > 0 ? 206 : 200, start > 0 ? headers : {}).end(content.subarray(start));
    }
  };

/** Sends the first bytes of what was asked for, then breaks the connection. */
const breakOff =
  (bytes: number): RequestListener =>
  (request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': CONTENT.length - start });
    response.write(CONTENT.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 20));
  };

const get = (urls: string[], md5: string | null = MD5) =>
  download(
    urls.map((url) => ({ url, file, md5 })),
    () => {},
    new AbortController().signal,
  );

test('a file is downloaded, and its progress told in bytes', async () => {
  const { url } = await mirror(serveRanges(CONTENT));
  const told: [number, number | null][] = [];
  const signal = new AbortController().signal;
  await download([{ url, file, md5: MD5 }], (bytes, total) => told.push([bytes, total]), signal);
  expect(await readFile(file)).toEqual(CONTENT);
  expect(told.at(-1)?.[0]).toBe(CONTENT.length);
});

test('a connection that breaks off is taken up again where it was', async () => {
  const { url, ranges } = await mirror(breakOff(4000));
  expect(await readFile(await get([url]))).toEqual(CONTENT);
  expect(ranges).toEqual([undefined, 'bytes=4000-', 'bytes=8000-']);
});

test('another mirror goes on where the first broke off', async () => {
  const breaking = await mirror(breakOff(4000));
  const whole = await mirror(serveRanges(CONTENT));
  expect(await readFile(await get([breaking.url, whole.url]))).toEqual(CONTENT);
  expect(whole.ranges).toEqual(['bytes=4000-']);
});

test('a later attempt goes on with the part of an earlier one', async () => {
  const { url, ranges } = await mirror(serveRanges(CONTENT));
  await get([url]);
  await rm(file);
  await writeFile(`${file}.part`, CONTENT.subarray(0, 1234));
  expect(await readFile(await get([url]))).toEqual(CONTENT);
  expect(ranges).toEqual([undefined, 'bytes=1234-']);
});

test('a part that was wrong is thrown away and the file fetched from its start', async () => {
  const { url, ranges } = await mirror(serveRanges(CONTENT));
  await get([url]);
  await rm(file);
  await writeFile(`${file}.part`, Buffer.alloc(1234));
  expect(await readFile(await get([url]))).toEqual(CONTENT);
  expect(ranges).toEqual([undefined, 'bytes=1234-', undefined]);
});

test('a server without ranges sends all again', async () => {
  const { url } = await mirror((_request, response) => response.end(CONTENT));
  await get([url]);
  await rm(file);
  await writeFile(`${file}.part`, Buffer.alloc(20_000));
  expect(await readFile(await get([url]))).toEqual(CONTENT);
});

test('a file that is there and whole is not downloaded again', async () => {
  const { url, ranges } = await mirror(serveRanges(CONTENT));
  await get([url]);
  await get([url]);
  expect(ranges).toHaveLength(1);
});

test('a mirror with another file is passed over', async () => {
  const wrong = await mirror(serveRanges(Buffer.from('<html>please log in</html>')));
  const right = await mirror(serveRanges(CONTENT));
  expect(await readFile(await get([wrong.url, right.url]))).toEqual(CONTENT);
});

test('when every mirror has another file, both digests are named', async () => {
  const { url } = await mirror(serveRanges(Buffer.from('something else')));
  await expect(get([url])).rejects.toMatchObject({
    type: 'DigestMismatch',
    message: expect.stringContaining(
      `${url} gave a file with md5 6c7ba9c5a141421e1c03cb9807c97c74, expected ${MD5}`,
    ),
  });
});

test('mirrors that cannot be reached are all named, with the way out', async () => {
  const missing = await mirror((_request, response) => response.writeHead(404).end());
  const gone = await mirror(() => {});
  await new Promise((done) => servers.pop()!.close(done));
  await expect(get([missing.url, gone.url])).rejects.toMatchObject({
    type: 'DatasetUnavailable',
    message: expect.stringMatching(
      /from http:\/\/127\.0\.0\.1:\d+\/data\.tar\.gz \(HTTP 404\), http:\/\/127\.0\.0\.1:\d+\/data\.tar\.gz \(connect ECONNREFUSED [\d.:]+\): name a copy with --data PATH, or use --dataset procedural\.$/,
    ),
  });
});

test('without a pinned digest an earlier part is not trusted', async () => {
  const { url, ranges } = await mirror(serveRanges(CONTENT));
  await get([url], null);
  await writeFile(`${file}.part`, Buffer.alloc(1234));
  expect(await readFile(await get([url], null))).toEqual(CONTENT);
  expect(ranges).toEqual([undefined, undefined]);
});

test('cancelling ends a download with the reason of the cancellation', async () => {
  const { url } = await mirror((_request, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, 100));
  });
  const controller = new AbortController();
  const ended = download(
    [{ url, file, md5: MD5 }],
    () => controller.abort(new Error('by a person')),
    controller.signal,
  );
  await expect(ended).rejects.toThrow('by a person');
});

test('an address that announces more than any archive has is refused before it fills the disk', async () => {
  const { url } = await mirror((_request, response) => {
    response.writeHead(200, { 'content-length': DOWNLOAD_BYTES + 1 });
    response.write('x'); // and never an end
  });
  const file = join(folder, 'endless');
  await expect(download([{ url, file, md5: null }], () => {}, new AbortController().signal)).rejects.toThrow(
    `${url} gives more than ${DOWNLOAD_BYTES} bytes`,
  );
});
