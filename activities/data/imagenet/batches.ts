/** ImageNet as a training reads it: batches of decoded images, in an order that somebody else decides, some batches
 *  ahead of who uses them. Each batch is a function of its epoch and indices alone, so a training enters at any step.
 *
 *  Order and place have nothing to do with each other: an epoch is one uniform permutation of all images, as on a data
 *  set in memory, and every image is read by itself, many at once. The usual compromise, shards in random order through
 *  a shuffle buffer, reads in one go but shuffles less, and would make the numbers of a training depend on how the
 *  images are sharded. The price is a read of some 110 kB an image: nothing on an SSD; on S3 a request each,
 *  whose latency READS_AT_ONCE hides (by arithmetic 64 at 30 ms are 2,000 images a second); too much for a spinning
 *  disk. */
import { createHash } from 'node:crypto';
import { Failure } from '../../failure/failure.ts';
import type { SourceFiles } from '../sources/files.ts';
import { atMost } from './at-most.ts';
import { BYTES_PER_IMAGE, decodeImage } from './decode.ts';
import { drawsOf } from './draws.ts';
import { DIGEST_BYTES, type ImageIndex } from './image-index.ts';

export interface BatchRequest {
  /** Decides, with the seed and the image's name, how an image is augmented. */
  epoch: number;
  /** Places in the index: int32 [B]. */
  indices: Int32Array;
}

export interface ImageBatch extends BatchRequest {
  /** uint8 [B, 299, 299, 3] */
  images: Uint8Array;
  /** int32 [B] */
  labels: Int32Array;
}

export interface ImageSplit {
  files: SourceFiles;
  index: ImageIndex;
  /** As trained on, int32 [n]: the index's own, or corrupted ones. */
  labels: Int32Array;
}

export interface LoadOptions {
  /** Random windows and flips from this seed; null: the centre of every image. */
  augmentation: { seed: number } | null;
  /** Batches that are read and decoded while one is used: 34 MB each for 128 images. */
  ahead: number;
  signal: AbortSignal;
}

const READS_AT_ONCE = 64;

/** One batch a request, in their order. Fails with MalformedSource or DigestMismatch, naming image and file, and as
 *  `sources/files.ts` says; what is on its way is then dropped, as when the caller stops early. */
export async function* loadBatches(
  requests: Iterable<BatchRequest>,
  split: ImageSplit,
  { augmentation, ahead, signal }: LoadOptions,
): AsyncGenerator<ImageBatch, void> {
  const stopped = new AbortController();
  const whileWanted = AbortSignal.any([signal, stopped.signal]);
  const limited = atMost(READS_AT_ONCE);
  const load = async ({ epoch, indices }: BatchRequest): Promise<ImageBatch> => {
    const images = new Uint8Array(indices.length * BYTES_PER_IMAGE);
    const loadOne = async (index: number, place: number) => {
      const file = await readImage(split, index, whileWanted);
      const name = split.index.names[index]!;
      const draws = augmentation && drawsOf('image-window', { ...augmentation, name, epoch });
      images.set(await decodeImage(describe(split, index), file, draws), place * BYTES_PER_IMAGE);
    };
    await Promise.all([...indices].map((index, place) => limited(() => loadOne(index, place))));
    return { epoch, indices, images, labels: indices.map((index) => split.labels[index]!) };
  };

  const coming = requests[Symbol.iterator]();
  const loading: Promise<ImageBatch>[] = [];
  const refill = () => {
    while (loading.length <= ahead) {
      const next = coming.next();
      if (next.done) return;
      const batch = load(next.value);
      batch.catch(() => {}); // it is looked at in its turn
      loading.push(batch);
    }
  };
  try {
    for (;;) {
      refill();
      const first = loading.shift();
      if (!first) return;
      yield await first;
    }
  } finally {
    stopped.abort();
  }
}

/** The file of an image. Fails with DigestMismatch when it is not the one that was indexed. */
async function readImage({ files, index }: ImageSplit, i: number, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted();
  const file = await files.read(
    index.paths[i]!,
    { offset: index.offsets[i]!, bytes: index.bytes[i]! },
    signal,
  );
  const expected = index.digests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES);
  if (createHash('sha256').update(file).digest().equals(expected)) return file;
  throw new Failure(
    'DigestMismatch',
    `${describe({ files, index }, i)} is not the image that was indexed: the file was changed since, or is damaged; ` +
      'restore it, or start again, so that the images are indexed anew.',
  );
}

const describe = ({ files, index }: Pick<ImageSplit, 'files' | 'index'>, i: number) =>
  `${index.names[i]} in ${index.paths[i]} of ${files.name}`;
