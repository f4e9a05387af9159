import { expect, test } from 'vitest';
import { inSteps } from '../../../activities/data/in-steps.ts';
import { decodeNpy } from '../../../activities/data/npy.ts';
import { pixelMoments, prepareImages } from '../../../activities/data/prepare-images.ts';

const signal = new AbortController().signal;
const prepare = async (...args: Parameters<typeof prepareImages>) =>
  decodeNpy(await inSteps(prepareImages(...args), signal), 'float32');

/** One image: zero, but for its margin, which the crop removes, and its last pixel inside the crop. */
function imageWithMargin(margin: number, last: number): Uint8Array {
  const image = new Uint8Array(3072).fill(margin);
  for (let row = 2; row < 30; row++) image.fill(0, (row * 32 + 2) * 3, (row * 32 + 30) * 3);
  image.fill(last, (29 * 32 + 29) * 3, (29 * 32 + 30) * 3);
  return image;
}

test('whitening comes after the crop: the margin has no say in mean and deviation', async () => {
  const dark = await prepare(imageWithMargin(0, 255), 1, (image) => image);
  const bright = await prepare(imageWithMargin(200, 255), 1, (image) => image);
  expect(bright.data).toEqual(dark.data);
  // 1 of 784 pixels is 1, the others 0: the mean is q = 1/784, the deviation √(q(1 − q)).
  const q = 1 / 784;
  expect(dark.data[0]).toBeCloseTo(-q / Math.sqrt(q * (1 - q)), 6);
  expect(dark.data.at(-1)).toBeCloseTo((1 - q) / Math.sqrt(q * (1 - q)), 4);
});

test('pixels are divided by 255 once: the smallest deviation bites at 1/√2352 of the unit interval', async () => {
  // Deviation √(q(1 − q))/255 of a pixel of 1 lies below 1/√2352, which divides instead.
  const { data } = await prepare(imageWithMargin(0, 1), 1, (image) => image);
  expect(data.at(-1)).toBeCloseTo(((1 - 1 / 784) / 255) * Math.sqrt(2352), 6);
});

test('the corruption sees the cropped image in the unit interval and its number', async () => {
  const seen: { length: number; last: number; index: number }[] = [];
  const images = Buffer.concat([imageWithMargin(9, 51), imageWithMargin(9, 255)]);
  await prepare(images, 2, (image, index) => {
    seen.push({ length: image.length, last: image.at(-1)!, index });
    return image;
  });
  expect(seen).toEqual([
    { length: 2352, last: 0.2, index: 0 },
    { length: 2352, last: 1, index: 1 },
  ]);
});

test('the first n images are prepared, in their order', async () => {
  const images = Buffer.concat([imageWithMargin(0, 255), imageWithMargin(0, 0), imageWithMargin(0, 100)]);
  const { shape, data } = await prepare(images, 2, (image) => image);
  expect(shape).toEqual([2, 28, 28, 3]);
  expect(data.subarray(2352).every((value) => value === 0)).toBe(true);
});

test('mean and variance are those of the cropped pixels / 255, over all channels', async () => {
  const images = Buffer.concat([imageWithMargin(99, 255), imageWithMargin(99, 0)]);
  const { mean, variance } = await inSteps(pixelMoments(images), signal);
  const q = 1 / (2 * 784);
  expect(mean).toBeCloseTo(q, 12);
  expect(variance).toBeCloseTo(q * (1 - q), 12);
});
