/** One order for the same images, whatever archive they came in. */
import { createHash } from 'node:crypto';
import type { Dataset, Split } from './images.ts';

const IMAGES_PER_STEP = 2000; // some 15 ms
const BYTES_PER_STEP = 6 * 2 ** 20; // likewise

/** Sorts images by the SHA-256 of their label byte followed by their pixel bytes [height, width, channels]. Any archive of
 *  the same images gives the same arrays, and the first n of them are a random sample of all classes. Yields
 *  between steps, so that the caller can let others run. */
export function* inCanonicalOrder(split: Split): Generator<void, Split> {
  const n = split.labels.length;
  const size = split.images.length / n;
  const digests: { digest: Buffer; from: number }[] = [];
  for (let from = 0; from < n; from++) {
    const digest = createHash('sha256')
      .update(split.labels.subarray(from, from + 1))
      .update(imageAt(split.images, from, size))
      .digest();
    digests.push({ digest, from });
    if (from % IMAGES_PER_STEP === 0) yield;
  }
  digests.sort((one, other) => one.digest.compare(other.digest));
  yield;
  const sorted = { images: new Uint8Array(split.images.length), labels: new Uint8Array(n) };
  for (const [to, { from }] of digests.entries()) {
    sorted.labels[to] = split.labels[from]!;
    sorted.images.set(imageAt(split.images, from, size), to * size);
    if (to % IMAGES_PER_STEP === 0) yield;
  }
  return sorted;
}

/** The data set's name by content: the SHA-256 of
 *    the number of training images and the number of test images, each a little-endian uint32,
 *    training images uint8 [n, height, width, channels], training labels uint8 [n], test images, test labels,
 *  both splits in canonical order. */
export function* datasetDigest({ train, test }: Dataset): Generator<void, string> {
  const hash = createHash('sha256');
  hash.update(Uint32Array.of(train.labels.length, test.labels.length));
  for (const bytes of [train.images, train.labels, test.images, test.labels]) {
    for (let start = 0; start < bytes.length; start += BYTES_PER_STEP) {
      hash.update(bytes.subarray(start, start + BYTES_PER_STEP));
      yield;
    }
  }
  return hash.digest('hex');
}

const imageAt = (images: Uint8Array, index: number, size: number) =>
  images.subarray(index * size, (index + 1) * size);
