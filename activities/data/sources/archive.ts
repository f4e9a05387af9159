/** The files of a tar archive, plain or compressed by gzip or xz: told apart by their first bytes, not by a name. */
import { once } from 'node:events';
import { pipeline, Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import xz from 'xz-decompress';
import { Failure } from '../../failure/failure.ts';
import { MEMBER_BYTES, UNPACKED_BYTES } from '../limits.ts';

export interface Member {
  path: string;
  bytes: Buffer;
}

type Chunks = AsyncIterable<Uint8Array>;

const GZIP = Buffer.from([0x1f, 0x8b]);
const XZ = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const TAR = { magic: Buffer.from('ustar'), at: 257 };
const HEAD_BYTES = TAR.at + TAR.magic.length;

// Between two of them others run: decompression by WebAssembly holds the thread, 1 MiB for about 20 ms.
const BYTES_PER_STEP = 2 ** 20;

/** Yields the files that `wanted` says, in the archive's order; keeps one chunk and one file at a time in memory, writes
 *  none: a path only tells what a file is. Fails with MalformedSource when the archive is of another form, damaged, ends
 *  before its end, or unpacks to more than any CIFAR-10; `name` is what the sentence calls it. */
export async function* membersOf(
  name: string,
  chunks: Chunks,
  wanted: (path: string) => boolean,
  unpackedLimit = UNPACKED_BYTES,
): AsyncGenerator<Member> {
  const ready: Member[] = [];
  let whole = false;
  const parser = new Parser({ strict: true });
  parser.on('eof', () => {
    whole = true;
  });
  const refused: Failure[] = [];
  parser.on('entry', (entry: ReadEntry) => {
    if (entry.type === 'File' && wanted(entry.path)) {
      if (entry.size <= MEMBER_BYTES) return collect(entry, ready);
      refused.push(tooLarge(name, `${entry.path} with ${entry.size} bytes`, MEMBER_BYTES));
    }
    entry.resume();
  });
  const broken: unknown[] = [];
  async function* source() {
    try {
      yield* chunks;
    } catch (error) {
      broken.push(error);
      throw error;
    }
  }
  const failed = once(parser, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => {}); // it is looked at in the loop, or the archive was whole

  try {
    let sinceBreath = 0;
    let unpacked = 0;
    for await (const chunk of decompressed(name, source())) {
      unpacked += chunk.length;
      if (unpacked > unpackedLimit) throw tooLarge(name, `more than ${unpackedLimit} bytes`, unpackedLimit);
      parser.write(Buffer.from(chunk));
      if (refused[0]) throw refused[0];
      yield* ready.splice(0);
      sinceBreath += chunk.length;
      if (sinceBreath > BYTES_PER_STEP) {
        sinceBreath = 0;
        await Promise.race([failed, setImmediate()]);
      }
    }
    parser.end();
    await Promise.race([failed, setImmediate()]);
    yield* ready.splice(0);
    if (!whole) throw new Error('it ends before its end mark');
  } catch (error) {
    if (broken.length > 0) throw broken[0]; // a cancellation, a lost connection: not the archive's fault
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      'MalformedSource',
      `${name} is truncated or damaged (${reason}): fetch the archive again.`,
      { cause: error },
    );
  }
}

const tooLarge = (name: string, fact: string, limit: number) =>
  new Failure(
    'MalformedSource',
    `${name} unpacks to ${fact}, expected at most ${limit} (CIFAR-10 needs far less): is it the right archive?`,
  );

function collect(entry: ReadEntry, ready: Member[]): void {
  const parts: Buffer[] = [];
  entry.on('data', (part: Buffer) => parts.push(part));
  entry.on('end', () => ready.push({ path: entry.path, bytes: Buffer.concat(parts) }));
}

async function* decompressed(name: string, chunks: Chunks): Chunks {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
    bytes += next.value.length;
  }
  const head = Buffer.concat(first);
  async function* whole() {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  if (head.subarray(0, GZIP.length).equals(GZIP)) {
    yield* pipeline(Readable.from(whole()), createGunzip(), () => {}); // errors reach whoever reads
  } else if (head.subarray(0, XZ.length).equals(XZ)) {
    yield* new xz.XzReadableStream(ReadableStream.from(whole()));
  } else if (head.subarray(TAR.at, HEAD_BYTES).equals(TAR.magic)) {
    yield* whole();
  } else {
    throw new Failure(
      'MalformedSource',
      `${name} is not a tar archive (.tar, .tar.gz or .tar.xz): expected CIFAR-10 as the binary or python ` +
        'archive, or as a tar of class folders.',
    );
  }
}
