/** A download that goes on where it was cut, and that nothing sees before its digest is right. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupFailure } from './failure.mjs';

const TRIES_WITHOUT_PROGRESS = 4;
const PAUSE_MS = 300;

/** @param {string} url
 *  @param {string} file appears whole or not at all; until then `${file}.part` grows
 *  @param {{ sha256: string, signal: AbortSignal, moved: (bytes: number, total: number) => void }} options
 *  @throws {SetupFailure} */
export async function download(url, file, { sha256, signal, moved }) {
  const part = `${file}.part`;
  await mkdir(dirname(file), { recursive: true });
  for (let failures = 0; ; ) {
    const before = await bytesOf(part);
    try {
      await continueDownload(url, part, before, { signal, moved });
      break;
    } catch (error) {
      if (signal.aborted || error instanceof SetupFailure) throw error;
      failures = (await bytesOf(part)) > before ? 0 : failures + 1;
      if (failures === TRIES_WITHOUT_PROGRESS) {
        const { message } = /** @type {Error} */ (error);
        throw new SetupFailure(
          `${url} cannot be downloaded (${message}): run set-up again to go on from here.`,
        );
      }
      await sleep(PAUSE_MS, undefined, { signal });
    }
  }
  const found = await sha256Of(part);
  if (found !== sha256) {
    await rm(part);
    throw new SetupFailure(
      `${basename(file)} has SHA-256 ${found}, expected ${sha256}: it was removed, run set-up again.`,
    );
  }
  await rename(part, file);
}

/** @param {string} url
 *  @param {string} part
 *  @param {number} start bytes that are there
 *  @param {{ signal: AbortSignal, moved: (bytes: number, total: number) => void }} options */
async function continueDownload(url, part, start, { signal, moved }) {
  const headers = start > 0 ? { range: `bytes=${start}-` } : undefined;
  const response = await fetch(url, { headers, signal });
  if (response.status === 416) return; // all of it is there, or too much: the digest tells
  if (!response.ok || !response.body) throw new SetupFailure(`${url} answers ${response.status}.`);
  const resumed = response.status === 206;
  let bytes = resumed ? start : 0;
  const total = bytes + Number(response.headers.get('content-length'));
  const count = new Transform({
    transform(chunk, _encoding, done) {
      bytes += chunk.length;
      moved(bytes, total);
      done(null, chunk);
    },
  });
  const body = /** @type {import('node:stream/web').ReadableStream} */ (response.body);
  await pipeline(Readable.fromWeb(body), count, createWriteStream(part, { flags: resumed ? 'a' : 'w' }), {
    signal,
  });
}

/** @param {string} file */
export async function sha256Of(file) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

/** 0 when there is none.
 *  @param {string} file */
async function bytesOf(file) {
  const found = await stat(file).catch(() => null);
  return found?.size ?? 0;
}
