/** ImageNet's index in the store; the images stay where the user has them.
 *    datasets/imagenet/<sha256>/<source>/{train,test}-images.csv  where this source has each image, canonical order
 *    datasets/imagenet/sources/<source>.json                      the index that a source gave
 *    datasets/imagenet/<sha256>/latest                            mutable: the newest source of these images
 *    datasets/imagenet/parts/<part>.csv                           while it is made: rows of a shard or class folder
 *  An index is made once, by reading every byte: as long as the source takes for one epoch. A second attempt goes on
 *  with the parts that an interrupted one has finished. */
import { createHash } from 'node:crypto';
import { type DatasetId, ImageNetRef } from '../../contract.ts';
import { Failure } from '../../failure/failure.ts';
import { contentId } from '../../identity/identity.ts';
import { readWhole } from '../../store/read-whole.ts';
import type { Store } from '../../store/store.ts';
import { piecesOf, type SourceFile, type SourceFiles } from '../sources/files.ts';
import {
  type ImageIndex,
  inCanonicalOrder,
  indexDigest,
  labelIn,
  readImageIndex,
  rowsIn,
  toCsv,
} from './image-index.ts';
import { type Part, partsOf, type SplitName } from './parts.ts';
import { readFolder } from './read-folder.ts';
import { readShard } from './read-shard.ts';

export interface IndexProgress {
  images: number;
  bytes: number;
  totalBytes: number;
}

const FOLDER = 'datasets/imagenet';
const ID_DIGITS = 20; // as `contentId` has
const PARTS_AT_ONCE = 8; // each holds two pieces of 8 MiB

/** The index of a source, made when the store has none of these very files. Fails as `sources/files.ts` says, and with
 *  MalformedSource, naming what is wrong where. */
export async function indexImages(
  store: Store,
  files: SourceFiles,
  onProgress: (progress: IndexProgress) => void,
  signal: AbortSignal,
): Promise<ImageNetRef> {
  const listing = await listingOf(files, signal);
  const source = sourceId(files.name, listing);
  const known = await recall(store, source);
  if (known) {
    await point(store, known);
    return known;
  }

  const parts = partsOf(files.name, listing);
  const rows = await rowsOfParts(store, files, parts, onProgress, signal);
  const ref = await keep(store, { name: files.name, id: source, form: parts[0]!.form }, rows, signal);
  await store.delete(parts.map((part) => partKey(files, part)));
  await point(store, ref);
  return ref;
}

/** The index that the store has of a source's files as they are now, or null; reads none of them. */
export async function recallIndex(
  store: Store,
  files: SourceFiles,
  signal: AbortSignal,
): Promise<ImageNetRef | null> {
  return recall(store, sourceId(files.name, await listingOf(files, signal)));
}

async function listingOf(files: SourceFiles, signal: AbortSignal): Promise<SourceFile[]> {
  const listing: SourceFile[] = [];
  for await (const file of files.list(signal)) listing.push(file);
  return listing;
}

/** A data set by its id, as the source that was named last has it. Fails with DatasetUnavailable. */
export async function findImageNet(store: Store, id: DatasetId): Promise<ImageNetRef> {
  const found = await store.read(latestKey(id));
  if (found) return ImageNetRef.parse(JSON.parse(found.bytes.toString()));
  throw new Failure(
    'DatasetUnavailable',
    `The store has no index of ImageNet ${id.sha256}: start again, so that its source is indexed.`,
  );
}

/** Of sources that race, the last one wins; all of them have the same images. */
async function point(store: Store, ref: ImageNetRef): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(ref, null, 2));
  for (;;) {
    const found = await store.read(latestKey(ref.id));
    if (found?.bytes.equals(bytes)) return;
    if ((await store.swap(latestKey(ref.id), bytes, found?.version ?? null)) !== null) return;
  }
}

/** The images of a split, by their index. */
export async function readSplit(
  store: Store,
  ref: ImageNetRef,
  split: SplitName,
  signal: AbortSignal,
): Promise<ImageIndex> {
  const { key } = ref[split].images;
  const csv = await readWhole(store, key);
  if (csv) return readImageIndex(csv, signal);
  throw new Failure(
    'DatasetUnavailable',
    `${key} is not whole in the store any more: start again, so that the images are indexed anew.`,
  );
}

type Rows = Record<SplitName, string[]>;

/** Several parts at once, each kept in the store when it is whole. */
async function rowsOfParts(
  store: Store,
  files: SourceFiles,
  parts: Part[],
  onProgress: (progress: IndexProgress) => void,
  signal: AbortSignal,
): Promise<Rows> {
  const rows: Rows = { train: [], test: [] };
  const progress = { images: 0, bytes: 0, totalBytes: parts.reduce((sum, part) => sum + sizeOf(part), 0) };
  const failed = new AbortController();
  const whileWanted = AbortSignal.any([signal, failed.signal]);
  const waiting = [...parts];
  const work = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const own = await rowsOfPart(store, files, part, whileWanted);
      for (const row of own) rows[part.split].push(row);
      progress.images += own.length;
      progress.bytes += sizeOf(part);
      onProgress({ ...progress });
    }
  };
  const workers = Array.from({ length: PARTS_AT_ONCE }, work);
  try {
    await Promise.all(workers);
    return rows;
  } finally {
    failed.abort();
    await Promise.allSettled(workers); // nothing is read or kept any more when this returns
  }
}

async function rowsOfPart(
  store: Store,
  files: SourceFiles,
  part: Part,
  signal: AbortSignal,
): Promise<string[]> {
  signal.throwIfAborted();
  const key = partKey(files, part);
  const known = await readWhole(store, key);
  if (known) return rowsIn(known);
  const [shard] = part.files;
  const read =
    part.form === 'shards'
      ? readShard(shard!.path, piecesOf(files, shard!, signal))
      : readFolder(files, part, signal);
  const rows: string[] = [];
  for await (const row of read) rows.push(row);
  await store.putIfAbsent(key, toCsv(rows), 'text/csv');
  return rows;
}

async function keep(
  store: Store,
  source: { name: string; id: string; form: Part['form'] },
  rows: Rows,
  signal: AbortSignal,
): Promise<ImageNetRef> {
  const train = await inCanonicalOrder(rows.train, signal);
  const test = await inCanonicalOrder(rows.test, signal);
  const sha256 = await indexDigest({ train, test }, signal);
  const keepSplit = async (split: SplitName, ordered: string[]) => ({
    images: await store.putIfAbsent(
      `${FOLDER}/${sha256}/${source.id}/${split}-images.csv`,
      toCsv(ordered),
      'text/csv',
    ),
    count: ordered.length,
  });
  const classes = 1 + [...train, ...test].reduce((most, row) => Math.max(most, labelIn(row)), 0);
  const ref: ImageNetRef = {
    id: { name: 'imagenet', sha256 },
    form: source.form,
    title: titleOf({ train: train.length, test: test.length, classes }),
    source: source.name,
    classes,
    train: await keepSplit('train', train),
    test: await keepSplit('test', test),
  };
  await store.putIfAbsent(
    recordKey(source.id),
    Buffer.from(JSON.stringify(ref, null, 2)),
    'application/json',
  );
  return ref;
}

/** The index that a source gave before; null when it is not known, or not whole any more. */
async function recall(store: Store, sourceId: string): Promise<ImageNetRef | null> {
  const record = await readWhole(store, recordKey(sourceId));
  if (!record) return null;
  const ref = ImageNetRef.parse(JSON.parse(record.toString()));
  const there = await Promise.all([ref.train, ref.test].map(({ images }) => store.head(images.key)));
  return there.every((object) => object) ? ref : null;
}

/** ILSVRC-2012 by its counts; anything else does not bear its name. */
function titleOf({ train, test, classes }: { train: number; test: number; classes: number }): string {
  if (train === 1_281_167 && test === 50_000 && classes === 1_000) return 'ImageNet';
  const count = (images: number) => images.toLocaleString('en-US');
  return `${count(train)} + ${count(test)} images of ${classes} classes in ImageNet’s form`;
}

const latestKey = ({ sha256 }: DatasetId) => `${FOLDER}/${sha256}/latest`;

const recordKey = (sourceId: string) => `${FOLDER}/sources/${sourceId}.json`;

const partKey = ({ name }: SourceFiles, { split, label, files }: Part) =>
  `${FOLDER}/parts/${contentId({ name, split, label, files })}.csv`;

const sizeOf = ({ files }: Part) => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Names the files as they are now without reading them. */
function sourceId(name: string, listing: SourceFile[]): string {
  const lines = listing.map(({ path, bytes, version }) => `${path} ${bytes} ${version}\n`).sort();
  const hash = createHash('sha256').update(`${name}\n`);
  for (const line of lines) hash.update(line);
  return hash.digest('hex').slice(0, ID_DIGITS);
}
