/** All images of a split in canonical order, as CSV and in memory. 1,281,167 training images, as
 *  many as ILSVRC-2012 has, are 156 MB of CSV and 133 MB in memory (class folders: 175 and 205); making the index of
 *  them takes up to 1.5 GB for a few seconds. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Failure } from '../../failure/failure.ts';
import { COLUMNS, contentOf } from './image-row.ts';

/** Place i of each is image i in canonical order. */
export interface ImageIndex {
  names: string[];
  /** As the source has them, below the number of classes. */
  labels: Int32Array;
  /** SHA-256 of each file, uint8 [n, 32]. */
  digests: Buffer;
  /** Where it lies: `bytes` bytes of file `path` from `offset` on. */
  paths: string[];
  offsets: Float64Array;
  bytes: Uint32Array;
}

export const DIGEST_BYTES = 32;
const KEY_BYTES = 6; // an exact integer in a float64
const ROWS_PER_STEP = 20_000; // some 30 ms, between which others run
const NEWLINE = 10;
const COMMA = 44;

/** Rows of `image-row.ts` in one order for the same images wherever they lie: by the first 48 bits of the SHA-256 of
 *  their names, and by name where those are equal. So the first n of them are a random sample of all classes. Fails
 *  with MalformedSource when two images share a name, by which random labels know them. */
export async function inCanonicalOrder(rows: string[], signal: AbortSignal): Promise<string[]> {
  const keys = new Float64Array(rows.length);
  for (const [i, row] of rows.entries()) {
    keys[i] = createHash('sha256').update(nameIn(row)).digest().readUIntBE(0, KEY_BYTES);
    if (i % ROWS_PER_STEP === 0) await breathe(signal);
  }
  const order = Uint32Array.from({ length: rows.length }, (_, i) => i).sort(
    (i, j) => keys[i]! - keys[j]! || (nameIn(rows[i]!) < nameIn(rows[j]!) ? -1 : 1),
  );
  for (let i = 1; i < order.length; i++) {
    const [before, row] = [rows[order[i - 1]!]!, rows[order[i]!]!];
    if (keys[order[i - 1]!] === keys[order[i]!] && nameIn(before) === nameIn(row)) {
      throw new Failure(
        'MalformedSource',
        `Two images are called ${nameIn(row)}, in ${pathIn(before)} and ${pathIn(row)}: expected a name of its own ` +
          'for each image of a split; rename one, or take the copy away.',
      );
    }
  }
  return Array.from(order, (i) => rows[i]!);
}

/** The data set's name by content: the SHA-256 of, for each split, a line with its name and number of images, then a
 *  line `name,label,sha256` for each image in canonical order. */
export async function indexDigest(
  splits: { train: string[]; test: string[] },
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  for (const [split, rows] of Object.entries(splits)) {
    hash.update(`${split} ${rows.length}\n`);
    for (const [i, row] of rows.entries()) {
      hash.update(`${contentOf(row)}\n`);
      if (i % ROWS_PER_STEP === 0) await breathe(signal);
    }
  }
  return hash.digest('hex');
}

/** With a header, RFC 4180. */
export const toCsv = (rows: string[]) => Buffer.from([COLUMNS, ...rows, ''].join('\n'));

export const rowsIn = (csv: Buffer) => csv.toString().split('\n').slice(1, -1);

export async function readImageIndex(csv: Buffer, signal: AbortSignal): Promise<ImageIndex> {
  const first = csv.indexOf(NEWLINE) + 1;
  let count = 0;
  for (let at = first; at < csv.length; at = csv.indexOf(NEWLINE, at) + 1) count++;
  const index: ImageIndex = {
    names: new Array(count),
    labels: new Int32Array(count),
    digests: Buffer.alloc(count * DIGEST_BYTES),
    paths: new Array(count),
    offsets: new Float64Array(count),
    bytes: new Uint32Array(count),
  };
  const shards = new Map<string, string>(); // one text for all images of a shard
  let at = first;
  const cell = (end: number) => {
    const text = csv.toString('utf8', at, csv.indexOf(end, at));
    at = csv.indexOf(end, at) + 1;
    return text;
  };
  for (let i = 0; i < count; i++) {
    index.names[i] = cell(COMMA);
    index.labels[i] = Number(cell(COMMA));
    index.digests.write(cell(COMMA), i * DIGEST_BYTES, 'hex');
    const path = cell(COMMA);
    const known = shards.get(path);
    if (known === undefined) shards.set(path, path);
    index.paths[i] = known ?? path;
    index.offsets[i] = Number(cell(COMMA));
    index.bytes[i] = Number(cell(NEWLINE));
    if (i % ROWS_PER_STEP === 0) await breathe(signal);
  }
  return index;
}

export const labelIn = (row: string) => Number(row.split(',', 2)[1]);
const nameIn = (row: string) => row.slice(0, row.indexOf(','));
const pathIn = (row: string) => row.split(',')[3];

async function breathe(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
