/** Files by address, `https://…/train-{000000..000146}.tar`: several addresses are separated by spaces, and a range of
 *  numbers in braces stands for all of them, as many digits as its first one has. The server has to know ranges. */
import { setMaxListeners } from 'node:events';
import { Failure } from '../../failure/failure.ts';
import type { SourceFile, SourceFiles } from './files.ts';
import { tryAgain } from './try-again.ts';

const READ_MS = 60_000; // a piece of 8 MiB through a line that could not feed a training anyway
const ASKED_AT_ONCE = 16;
const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

export function httpFiles(source: string): SourceFiles {
  return {
    name: source,
    async *list(signal) {
      const urls = source.trim().split(/\s+/).flatMap(expandRange);
      for (let start = 0; start < urls.length; start += ASKED_AT_ONCE) {
        yield* await Promise.all(urls.slice(start, start + ASKED_AT_ONCE).map((url) => look(url, signal)));
      }
    },
    read(url, { offset, bytes }, signal) {
      // Compressed on the way, ranges would be ranges of something else.
      const range = `bytes=${offset}-${offset + bytes - 1}`;
      const headers = { 'accept-encoding': 'identity', range };
      return tryAgain(url, signal, () => ask(url, { headers }, signal, (response) => bodyOf(url, response)));
    },
    close() {},
  };
}

/** `a-{08..11}` -> `a-08`, `a-09`, `a-10`, `a-11` */
function expandRange(address: string): string[] {
  const range = /\{(\d+)\.\.(\d+)\}/.exec(address);
  if (!range) return [address];
  const [braces, first, last] = range;
  const numbers = Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
  return numbers.flatMap((number) =>
    expandRange(address.replace(braces, String(number).padStart(first!.length, '0'))),
  );
}

function look(url: string, signal: AbortSignal): Promise<SourceFile> {
  const request = { method: 'HEAD', headers: { 'accept-encoding': 'identity' } };
  return tryAgain(url, signal, () =>
    ask(url, request, signal, ({ headers }) => ({
      path: url,
      bytes: Number(headers.get('content-length')),
      version: headers.get('etag') ?? headers.get('last-modified') ?? '',
    })),
  );
}

async function bodyOf(url: string, response: Response): Promise<Buffer> {
  if (response.status === PARTIAL_CONTENT) return Buffer.from(await response.arrayBuffer());
  await response.body?.cancel();
  if (response.status === RANGE_NOT_SATISFIABLE) return Buffer.alloc(0);
  throw new Failure(
    'DatasetUnavailable',
    `${url} was asked for a range of bytes and answered HTTP ${response.status}: expected a server that knows ` +
      'ranges; copy the shards to a folder or a bucket.',
  );
}

/** What `use` makes of the answer, body included. Any error but a Failure may be gone at the next attempt. */
async function ask<T>(
  url: string,
  request: RequestInit,
  signal: AbortSignal,
  use: (response: Response) => T | Promise<T>,
): Promise<T> {
  // Not AbortSignal.any: this one lives as long as the training, and would keep a trace of every request.
  const limit = new AbortController();
  setMaxListeners(0, signal); // as many as there are requests on their way
  const stop = () => limit.abort(signal.reason);
  const timer = setTimeout(() => limit.abort(new Error(`no answer in ${READ_MS / 1000} s`)), READ_MS);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const response = await fetch(url, { ...request, signal: limit.signal });
    if (response.ok || response.status === RANGE_NOT_SATISFIABLE) return await use(response);
    await response.body?.cancel();
    const passes = response.status >= 500 || response.status === 408 || response.status === 429;
    if (passes) throw new Error(`HTTP ${response.status}`);
    throw new Failure(
      'DatasetUnavailable',
      `${url} answered HTTP ${response.status}: expected a tar shard that this worker may read.`,
    );
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
