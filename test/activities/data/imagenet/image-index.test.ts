import { expect, test } from 'vitest';
import {
  inCanonicalOrder,
  indexDigest,
  readImageIndex,
  rowsIn,
  toCsv,
} from '../../../../activities/data/imagenet/image-index.ts';
import { sha256 } from '../../../../activities/identity/identity.ts';
import { permutation, stream } from '../../../../activities/random/stream.ts';

const { signal } = new AbortController();

const row = (i: number, path = `train-${i % 3}.tar`) =>
  `n${i % 10}_${i},${i % 10},${sha256(`file ${i}`)},${path},${512 * i + 2 ** 33},${i + 1}`;
const ROWS = Array.from({ length: 500 }, (_, i) => row(i));

test('rows have one order, whatever order they come in', async () => {
  const shuffled = Array.from(permutation(ROWS.length, stream(1, 'batch-order')), (i) => ROWS[i]!);
  expect(await inCanonicalOrder(shuffled, signal)).toEqual(await inCanonicalOrder(ROWS, signal));
});

test('the order is that of the digests of the names', async () => {
  const names = (await inCanonicalOrder(ROWS, signal)).map((one) => one.split(',')[0]!);
  expect(names).toEqual([...names].sort((one, other) => (sha256(one) < sha256(other) ? -1 : 1)));
});

test('the first images are of all classes', async () => {
  const first = (await inCanonicalOrder(ROWS, signal)).slice(0, 100);
  expect(new Set(first.map((one) => one.split(',')[1])).size).toBe(10);
});

test('two images of one name are refused with both places', async () => {
  const twice = [...ROWS, row(77, 'train-9.tar')];
  await expect(inCanonicalOrder(twice, signal)).rejects.toMatchObject({
    type: 'MalformedSource',
    message: expect.stringMatching(
      /^Two images are called n7_77, in train-[29]\.tar and train-[29]\.tar: expected/,
    ),
  });
});

test('the digest is that of names, labels and files, not of where they lie', async () => {
  const elsewhere = ROWS.map((_, i) => row(i, `folder/${i}.JPEG`));
  const digest = await indexDigest({ train: ROWS, test: [] }, signal);
  expect(await indexDigest({ train: elsewhere, test: [] }, signal)).toBe(digest);
  const others = [
    ROWS[3]!.replace(',3,', ',4,'),
    ROWS[3]!.replace('n3_3', 'n3_4'),
    ROWS[3]!.replace(/,[0-9a-f]/, ',g'),
  ];
  for (const other of others) {
    expect(await indexDigest({ train: ROWS.with(3, other), test: [] }, signal)).not.toBe(digest);
  }
  expect(await indexDigest({ train: [], test: ROWS }, signal)).not.toBe(digest);
});

test('the digest is what the documentation says', async () => {
  const lines = ['train 1', ROWS[0]!.split(',', 3).join(','), 'test 0', ''].join('\n');
  expect(await indexDigest({ train: [ROWS[0]!], test: [] }, signal)).toBe(sha256(lines));
});

test('an index read from its CSV has every column', async () => {
  const csv = toCsv(ROWS);
  expect(csv.toString()).toMatch(/^name,label,sha256,path,offset,bytes\n/);
  expect(rowsIn(csv)).toEqual(ROWS);
  const index = await readImageIndex(csv, signal);
  const rows = index.names.map((name, i) => {
    const digest = index.digests.toString('hex', 32 * i, 32 * i + 32);
    return [name, index.labels[i], digest, index.paths[i], index.offsets[i], index.bytes[i]].join(',');
  });
  expect(rows).toEqual(ROWS);
});

test('reading ends with the reason of whoever stops it', async () => {
  const reading = readImageIndex(toCsv(ROWS), AbortSignal.abort(new Error('enough')));
  await expect(reading).rejects.toThrow('enough');
});
