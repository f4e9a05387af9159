import sharp from 'sharp';
import { expect, test } from 'vitest';
import { CHANNELS, decodeImage, SIDE } from '../../../../activities/data/imagenet/decode.ts';
import { randomWindow } from '../../../../activities/data/imagenet/window.ts';
import { stream } from '../../../../activities/random/stream.ts';

/** A JPEG image whose red grows from left to right by one a pixel and green from top to bottom; blue is 60. */
function ramps(width: number, height: number) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    pixels.set([at % width, Math.floor(at / width), 60], 3 * at);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

const pixelAt = (image: Buffer, x: number, y: number) => [
  ...image.subarray((y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3),
];

/** Where a pixel's centre was in the file's image, along one side: bilinear, pixel centres half a pixel in. */
const sourceOf = (at: number, start: number, length: number) => start + ((at + 0.5) * length) / SIDE - 0.5;

test('evaluation sees the middle 87.5 %, bilinearly resized', async () => {
  const image = await decodeImage('x', await ramps(240, 160), null); // its middle: 210×140 from (15, 10)
  expect(image).toHaveLength(SIDE * SIDE * CHANNELS);
  for (const [x, y] of [
    [0, 0],
    [150, 150],
    [298, 298],
    [20, 250],
  ] as const) {
    const [red, green, blue] = pixelAt(image, x, y);
    // JPEG at its best quality keeps a ramp within two steps; rounding and edges add one.
    expect(Math.abs(red! - sourceOf(x, 15, 210))).toBeLessThan(3);
    expect(Math.abs(green! - sourceOf(y, 10, 140))).toBeLessThan(3);
    expect(Math.abs(blue! - 60)).toBeLessThan(3);
  }
});

test('training sees the window and the flip that its stream draws', async () => {
  const file = await ramps(240, 160);
  const flips = new Set<boolean>();
  for (let i = 0; i < 6; i++) {
    const draws = () => stream(1, 'image-window', i);
    const image = await decodeImage('x', file, draws());
    const own = draws();
    const { left, top, width, height } = randomWindow(240, 160, own);
    const isMirrored = own.below(2) === 1;
    flips.add(isMirrored);
    for (const [x, y] of [
      [10, 40],
      [280, 200],
    ] as const) {
      const [red, green] = pixelAt(image, x, y);
      expect(Math.abs(red! - sourceOf(isMirrored ? SIDE - 1 - x : x, left, width))).toBeLessThan(3);
      expect(Math.abs(green! - sourceOf(y, top, height))).toBeLessThan(3);
    }
  }
  expect(flips.size).toBe(2);
});

test('grey and CMYK images come as three colours', async () => {
  const flat = (channels: 1 | 3, value: number) =>
    sharp(Buffer.alloc(40 * 40 * channels, value), { raw: { width: 40, height: 40, channels } });
  const grey = await flat(1, 77).toColourspace('b-w').jpeg({ quality: 100 }).toBuffer();
  const cmyk = await flat(3, 128).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
  expect((await sharp(cmyk).metadata()).channels).toBe(4);
  expect(pixelAt(await decodeImage('x', grey, null), 9, 9)).toEqual([77, 77, 77]);
  const colours = await decodeImage('x', cmyk, null);
  expect(colours).toHaveLength(SIDE * SIDE * CHANNELS);
  for (const value of pixelAt(colours, 9, 9)) expect(Math.abs(value - 128)).toBeLessThan(20); // there and back through CMYK
});

test.each([
  ['cut off', (file: Buffer) => file.subarray(0, file.length / 2)],
  ['not an image', () => Buffer.from('hello')],
])('a file that is %s is refused by name', async (_, harm) => {
  await expect(decodeImage('n01_7 in train-0.tar', harm(await ramps(100, 100)), null)).rejects.toMatchObject({
    type: 'MalformedSource',
    message: expect.stringMatching(
      /^n01_7 in train-0\.tar cannot be decoded \(.+\): expected a whole JPEG image/,
    ),
  });
});
