/** The resumable download, against a server that cuts connections. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { download } from '../../infra/setup/download.mjs';

const content = randomBytes(200_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const signal = new AbortController().signal;
const moved = () => {};

let folder: string;
let file: string;
let server: Server;
let ranges: (string | undefined)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rethinking-download-'));
  file = join(folder, 'archive.tar.gz');
  ranges = [];
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive.tar.gz`;
}

/** Sends what was asked for, and cuts the first `cuts` answers half way, once some of it has reached the disk. */
function cutting(cuts: number): RequestListener {
  let answers = 0;
  return ({ headers }, response) => {
    const start = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
    const rest = content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length });
    if (answers++ >= cuts) response.end(rest);
    else {
      response.write(rest.subarray(0, rest.length / 2));
      const timer = setInterval(() => {
        if ((statSync(`${file}.part`, { throwIfNoEntry: false })?.size ?? 0) <= start) return;
        clearInterval(timer);
        response.destroy();
      }, 5);
    }
  };
}

test('a download that is cut twice goes on from where it was and is whole in the end', async () => {
  const url = await serve(cutting(2));

  await download(url, file, { sha256, signal, moved });

  expect(content.equals(await readFile(file))).toBe(true);
  expect(existsSync(`${file}.part`)).toBe(false);
  expect(ranges[0]).toBeUndefined();
  const starts = ranges.slice(1).map((range) => Number(range?.match(/bytes=(\d+)-/)?.[1]));
  expect(starts).toHaveLength(2);
  expect(starts[0]).toBeGreaterThan(0);
  expect(starts[1]).toBeGreaterThan(starts[0] ?? 0);
});

test('what an earlier process left is not fetched again', async () => {
  await writeFile(`${file}.part`, content.subarray(0, 150_000));
  const url = await serve(cutting(0));

  await download(url, file, { sha256, signal, moved });

  expect(ranges).toEqual(['bytes=150000-']);
  expect(content.equals(await readFile(file))).toBe(true);
});

test('a server that knows no ranges is read from the start', async () => {
  await writeFile(`${file}.part`, 'the beginning of something else');
  const url = await serve((_request, response) => response.end(content));

  await download(url, file, { sha256, signal, moved });

  expect(content.equals(await readFile(file))).toBe(true);
});

test('a file with a wrong digest is refused with both digests and removed', async () => {
  const url = await serve((_request, response) => response.end('something else'));
  const found = createHash('sha256').update('something else').digest('hex');

  const refused = download(url, file, { sha256, signal, moved });

  await expect(refused).rejects.toThrow(
    `archive.tar.gz has SHA-256 ${found}, expected ${sha256}: it was removed, run set-up again.`,
  );
  expect(existsSync(file)).toBe(false);
  expect(existsSync(`${file}.part`)).toBe(false);
});

test('a server that never sends a byte is given up on, and what was there is kept for the next time', async () => {
  await writeFile(`${file}.part`, content.subarray(0, 1000));
  const url = await serve((_request, response) => response.destroy());

  const refused = download(url, file, { sha256, signal, moved });

  await expect(refused).rejects.toThrow('run set-up again to go on from here');
  expect(content.subarray(0, 1000).equals(await readFile(`${file}.part`))).toBe(true);
});

test('an answer of 404 is named at once', async () => {
  const url = await serve((_request, response) => response.writeHead(404).end());

  await expect(download(url, file, { sha256, signal, moved })).rejects.toThrow(`${url} answers 404.`);
  expect(ranges).toHaveLength(1);
});
