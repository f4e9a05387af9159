import { expect, test } from 'vitest';
import {
  type GaborBank,
  gaborFeatureCount,
  gaborFeatures,
  gaborWavelet,
} from '../../../activities/kernel/gabor.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import { finished, furthest, sample } from './small.ts';

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const rotated = (values: Float64Array, side: number) =>
  values.map((_, i) => values[(side - 1 - (i % side)) * side + Math.floor(i / side)]!);

test('the even wavelet is symmetric about its middle, the odd one antisymmetric', () => {
  const { even, odd } = gaborWavelet(0.7, 6, 0.4);
  expect(furthest(even, even.toReversed())).toBeLessThan(1e-15);
  expect(
    furthest(
      odd,
      odd.toReversed().map((value) => -value),
    ),
  ).toBeLessThan(1e-15);
});

test('both have mean 0 and length 1, and are orthogonal', () => {
  const { even, odd } = gaborWavelet(0.7, 6, 0.4);
  const ones = new Float64Array(even.length).fill(1);
  expect([dot(even, ones), dot(odd, ones), dot(even, odd)].map(Math.abs).every((v) => v < 1e-14)).toBe(true);
  expect([dot(even, even), dot(odd, odd)]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
});

test('a wavelet that is turned by a right angle is the picture turned by one', () => {
  const [upright, turned] = [gaborWavelet(0.3, 8, 0.4), gaborWavelet(0.3 + Math.PI / 2, 8, 0.4)];
  expect(furthest(turned.even, rotated(upright.even, upright.side))).toBeLessThan(1e-14);
  expect(
    furthest(
      turned.odd,
      rotated(upright.odd, upright.side).map((v) => -v),
    ) < 1e-14 || furthest(turned.odd, rotated(upright.odd, upright.side)) < 1e-14,
  ).toBe(true);
});

test('a wavelet answers most to a grating of its own angle and wavelength', () => {
  const { side, even } = gaborWavelet(0.5, 6, 0.4);
  const grating = (angle: number, wavelength: number) =>
    Float64Array.from({ length: side * side }, (_, i) => {
      const [x, y] = [(i % side) - (side - 1) / 2, Math.floor(i / side) - (side - 1) / 2];
      return Math.cos((2 * Math.PI * (x * Math.cos(angle) + y * Math.sin(angle))) / wavelength);
    });
  const own = dot(even, grating(0.5, 6));
  expect(own).toBeGreaterThan(2 * Math.abs(dot(even, grating(0.5 + Math.PI / 2, 6))));
  expect(own).toBeGreaterThan(Math.abs(dot(even, grating(0.5, 14))));
});

const BANK: GaborBank = { orientations: 4, wavelengths: [4, 8], width: 0.4, window: 6 };

const features = (images: Uint8Array, bank = BANK) =>
  withSession((session) => finished(gaborFeatures(session, bank, images)));

test('features are means of magnitudes over windows, as a plain convolution has them', async () => {
  const { pixels } = sample(3, 784);
  const found = await features(pixels);
  const count = gaborFeatureCount(BANK);
  expect(found).toHaveLength(3 * count);
  // Image 1, the second wavelength, orientation 3, the window in row 2 and column 4 of the eight.
  const { side, even, odd } = gaborWavelet((3 * Math.PI) / 4, 8, 0.4);
  const reach = (side - 1) / 2;
  let sum = 0;
  for (let y = 2 * 3; y < 2 * 3 + 6; y++) {
    for (let x = 4 * 3; x < 4 * 3 + 6; x++) {
      let [real, imaginary] = [0, 0];
      for (let i = 0; i < side * side; i++) {
        const [px, py] = [x + (i % side) - reach, y + Math.floor(i / side) - reach];
        const inside = px >= 0 && px < 28 && py >= 0 && py < 28;
        const pixel = inside ? pixels[784 + py * 28 + px]! / 255 : 0;
        real += pixel * even[i]!;
        imaginary += pixel * odd[i]!;
      }
      sum += Math.hypot(real, imaginary) / 36;
    }
  }
  const feature = (2 * 8 + 4) * 8 + 4 + 3; // [row, column, wavelength, orientation]
  expect(found[count + feature]).toBeCloseTo(sum, 5); // float32
});

test('an image without strokes has no features inside, and the features of an image depend on it alone', async () => {
  const { pixels } = sample(3, 784);
  expect(
    furthest(await features(pixels.slice(784, 2 * 784)), (await features(pixels)).slice(512, 1024)),
  ).toBeLessThan(1e-5);
  expect(Math.max(...(await features(new Uint8Array(784))))).toBe(0);
});

test('a bank of two wavelengths has the features of one and of the other', async () => {
  const { pixels } = sample(1, 784);
  const both = await features(pixels);
  const one = await features(pixels, { ...BANK, wavelengths: [4] });
  const first = both.filter((_, i) => i % 8 < 4); // four orientations of each
  expect(one).toHaveLength(gaborFeatureCount({ ...BANK, wavelengths: [4] }));
  expect(furthest(one, first)).toBeLessThan(1e-5);
});
