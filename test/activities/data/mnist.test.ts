import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { FILES, OFFICIAL, readMnistSplit } from '../../../activities/data/mnist.ts';
import { readIdx } from '../../../activities/data/mnist-idx.ts';
import { idx } from './digits.ts';

const pixels = Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 251);
const images = { file: FILES.test.images, bytes: gzipSync(idx([2, 28, 28], pixels)) };
const labels = { file: FILES.test.labels, bytes: idx([2], Uint8Array.of(7, 2)) };

test('a split is its images and labels, compressed or plain', () => {
  expect(readMnistSplit(images, labels)).toEqual({ images: pixels, labels: Uint8Array.of(7, 2) });
});

test('images and labels of different splits are refused with both shapes', () => {
  const other = { ...labels, bytes: idx([3], Uint8Array.of(7, 2, 1)) };
  expect(() => readMnistSplit(images, other)).toThrow(
    't10k-labels-idx1-ubyte.gz holds an array [3], expected [2]',
  );
});

test('images of another size are refused', () => {
  const other = { ...images, bytes: idx([1, 32, 32], new Uint8Array(1024)) };
  expect(() => readMnistSplit(other, labels)).toThrow('holds an array [1, 32, 32], expected [1, 28, 28]');
});

test('a label above 9 is refused', () => {
  const other = { ...labels, bytes: idx([2], Uint8Array.of(7, 10)) };
  expect(() => readMnistSplit(images, other)).toThrow('has the label 10, expected 0 to 9');
});

test('an array that ends early is refused with both sizes', () => {
  expect(() => readIdx('a.gz', idx([5, 2], new Uint8Array(9)))).toThrow(
    'a.gz has 9 bytes of data, and its shape [5, 2] wants 10',
  );
});

test('another type of elements, a cut header, a damaged gzip and no bytes at all are refused', () => {
  const floats = idx([1], new Uint8Array(4));
  floats[2] = 0x0d;
  expect(() => readIdx('a', floats)).toThrow('begins with 00000d01, not with 000008');
  expect(() => readIdx('a', idx([1, 1], new Uint8Array()).subarray(0, 8))).toThrow('inside its header');
  expect(() => readIdx('a', images.bytes.subarray(0, 90))).toThrow('is truncated, damaged');
  expect(() => readIdx('a', new Uint8Array())).toThrow('begins with nothing');
});

test('every official file has a digest', () => {
  const files = [...Object.values(FILES.train), ...Object.values(FILES.test)];
  expect(files.map((file) => OFFICIAL.md5[file]).every((md5) => /^[0-9a-f]{32}$/.test(md5 ?? ''))).toBe(true);
});

test('a small file that unpacks to gigabytes is refused', () => {
  const bomb = { file: FILES.test.images, bytes: gzipSync(Buffer.alloc(2 ** 27)) };
  expect(() => readMnistSplit(bomb, labels)).toThrow('unpacks to more than 67108864 bytes');
});
