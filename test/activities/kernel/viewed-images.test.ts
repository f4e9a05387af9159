import { expect, test } from 'vitest';
import { sizeOf, viewed } from '../../../activities/kernel/viewed-images.ts';

const sha256 = '0'.repeat(64);
const photographs = { name: 'procedural' as const, sha256 };

test('images are taken whole, the first of them', () => {
  const images = Uint8Array.from({ length: 3 * 784 }, (_, i) => i % 251);
  const of = { dataset: { name: 'mnist' as const, sha256 }, view: 'whole' as const };
  expect(sizeOf(of)).toBe(784);
  expect(viewed(images, of, 2)).toEqual(images.subarray(0, 2 * 784));
});

test('a grey centre is the mean of the channels of the middle 28×28 pixels, image by image', () => {
  const images = new Uint8Array(2 * 3072);
  const at = (image: number, y: number, x: number) => ((image * 32 + y) * 32 + x) * 3;
  images.set([10, 20, 60], at(1, 2, 2)); // the first of the centre
  images.set([255, 255, 254], at(0, 29, 29)); // the last
  images.set([99, 99, 99], at(1, 1, 2)); // outside
  const grey = viewed(images, { dataset: photographs, view: 'grey-centre' }, 2);
  expect(grey).toHaveLength(2 * 784);
  expect([grey[784], grey[783]]).toEqual([30, 255]);
  expect(grey.filter((value) => value !== 0)).toHaveLength(2);
});
