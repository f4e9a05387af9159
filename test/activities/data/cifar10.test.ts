import { expect, test } from 'vitest';
import { OFFICIAL, readBinaryBatch } from '../../../activities/data/cifar10.ts';
import { pixels, planes } from './archives.ts';

const record = (label: number, i: number) => Buffer.concat([Buffer.from([label]), planes(i)]);

test('a record is a label and three colour planes, which are interleaved', () => {
  const { images, labels } = readBinaryBatch('data_batch_1.bin', Buffer.concat([record(9, 0), record(3, 1)]));
  expect([...labels]).toEqual([9, 3]);
  expect(Buffer.from(images)).toEqual(Buffer.concat([pixels(0), pixels(1)]));
});

test('a batch that ends in the middle of a record is refused with both sizes', () => {
  const cut = record(9, 0).subarray(0, 3000);
  expect(() => readBinaryBatch('data_batch_2.bin', cut)).toThrow(
    'data_batch_2.bin has 3000 bytes, expected a multiple of 3073',
  );
});

test('a label above 9 is refused', () => {
  expect(() => readBinaryBatch('test_batch.bin', record(10, 0))).toThrow(
    'test_batch.bin has an image with label 10, expected 0 to 9',
  );
});

test('every official mirror serves a file whose digest is pinned', () => {
  const pinned = OFFICIAL.mirrors.map((url) => OFFICIAL.md5[url.slice(url.lastIndexOf('/') + 1)]);
  expect(pinned).toHaveLength(4);
  expect(pinned.every((md5) => /^[0-9a-f]{32}$/.test(md5 ?? ''))).toBe(true);
});
