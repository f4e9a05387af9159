import sharp from 'sharp';
import { expect, test } from 'vitest';
import { isFolderImage, readFolderImage } from '../../../activities/data/folders.ts';
import { encodeImage, pixels } from './archives.ts';

test('a PNG image gives its pixels exactly, its split and its label', async () => {
  const image = await readFolderImage('cifar10/train/cat/0001.png', await encodeImage(pixels(5), 'png'));
  expect(image).toEqual({ split: 'train', label: 3, pixels: pixels(5), format: 'png' });
});

test('a JPEG image is known by its bytes, whatever its name', async () => {
  const image = await readFolderImage('test/truck/x.png', await encodeImage(Buffer.alloc(3072, 90), 'jpeg'));
  expect({ ...image, pixels: image.pixels[0] }).toEqual({
    split: 'test',
    label: 9,
    pixels: 90,
    format: 'jpeg',
  });
});

test('a grey image has three equal channels', async () => {
  const grey = await sharp(Buffer.alloc(1024, 77), { raw: { width: 32, height: 32, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
  const image = await readFolderImage('test/ship/x.png', grey);
  expect(image.pixels).toEqual(Buffer.alloc(3072, 77));
});

test('an image of another size is refused by name', async () => {
  const wide = await encodeImage(Buffer.alloc(33 * 32 * 3), 'png', 33);
  await expect(readFolderImage('train/dog/0007.png', wide)).rejects.toThrow(
    'train/dog/0007.png is 33×32 pixels, expected 32×32',
  );
});

test('a damaged image is refused by name', async () => {
  const cut = (await encodeImage(pixels(1), 'png')).subarray(0, 60);
  await expect(readFolderImage('train/dog/0008.png', cut)).rejects.toThrow(
    'train/dog/0008.png cannot be decoded',
  );
});

test('an unknown class is refused by name', async () => {
  await expect(readFolderImage('train/unicorn/1.png', Buffer.alloc(0))).rejects.toThrow(
    "train/unicorn/1.png is in class folder 'unicorn', expected one of airplane, automobile",
  );
});

test('hidden files and other files are no images', () => {
  const paths = [
    'train/cat/1.JPG',
    'a/b/test/cat/1.jpeg',
    'train/cat/._1.jpg',
    'train/1.jpg',
    'train/cat/1.txt',
  ];
  expect(paths.map(isFolderImage)).toEqual([true, true, false, false, false]);
});

test('an image of many pixels in few bytes is refused before it is decoded', async () => {
  const create = { width: 2000, height: 2000, channels: 3, background: 'black' } as const;
  const bomb = await sharp({ create }).png().toBuffer();
  await expect(readFolderImage('train/dog/0009.png', bomb)).rejects.toThrow(
    'train/dog/0009.png cannot be decoded (Input image exceeds pixel limit)',
  );
});
