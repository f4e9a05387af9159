import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { datasetDigest, inCanonicalOrder } from '../../../activities/data/canonical.ts';
import type { Split } from '../../../activities/data/images.ts';
import { inSteps } from '../../../activities/data/in-steps.ts';
import { pixels } from './archives.ts';

const signal = new AbortController().signal;
const splitOf = (numbers: number[]): Split => ({
  images: Buffer.concat(numbers.map(pixels)),
  labels: Uint8Array.from(numbers.map((i) => i % 10)),
});

test('the order does not depend on the order in the archive', async () => {
  const one = await inSteps(inCanonicalOrder(splitOf([1, 2, 3, 4, 5])), signal);
  const other = await inSteps(inCanonicalOrder(splitOf([4, 1, 5, 3, 2])), signal);
  expect(Buffer.from(other.images)).toEqual(Buffer.from(one.images));
  expect(other.labels).toEqual(one.labels);
});

test('images are sorted by the SHA-256 of their label and their pixels, and keep their labels', async () => {
  const sorted = await inSteps(inCanonicalOrder(splitOf([1, 2, 3, 4, 5])), signal);
  const digests = [0, 1, 2, 3, 4].map((i) =>
    createHash('sha256')
      .update(Uint8Array.of(sorted.labels[i]!))
      .update(sorted.images.subarray(i * 3072, (i + 1) * 3072))
      .digest('hex'),
  );
  expect(digests).toEqual([...digests].sort());
  const expected = [1, 2, 3, 4, 5].map((i) =>
    createHash('sha256').update(Uint8Array.of(i)).update(pixels(i)).digest('hex'),
  );
  expect(digests).toEqual(expected.sort());
});

test('the digest is that of the counts and the four arrays', async () => {
  const train = splitOf([1, 2]);
  const test = splitOf([3]);
  const expected = createHash('sha256')
    .update(Buffer.from('0200000001000000', 'hex'))
    .update(Buffer.concat([train.images, train.labels, test.images, test.labels]))
    .digest('hex');
  expect(await inSteps(datasetDigest({ train, test }), signal)).toBe(expected);
});

test('an image that moves from one split to the other changes the digest', async () => {
  const digest = (train: number[], test: number[]) =>
    inSteps(datasetDigest({ train: splitOf(train), test: splitOf(test) }), signal);
  expect(await digest([1, 2], [3])).not.toBe(await digest([1], [2, 3]));
});

test('a long computation ends when it is cancelled', async () => {
  const cancelled = AbortSignal.abort(new Error('cancelled'));
  await expect(inSteps(inCanonicalOrder(splitOf([1])), cancelled)).rejects.toThrow('cancelled');
});
