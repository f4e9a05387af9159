import { expect, test } from 'vitest';
import { centralWindow, randomWindow } from '../../../../activities/data/imagenet/window.ts';
import { stream } from '../../../../activities/random/stream.ts';

const windowsOf = (width: number, height: number, n = 3000) =>
  Array.from({ length: n }, (_, i) => randomWindow(width, height, stream(1, 'image-window', i)));

test.each([
  [500, 375],
  [64, 120],
  [1000, 150],
  [7, 9],
])(
  'windows of a %i×%i image lie inside it, with 5–100 %% of its area and sides of 3:4 to 4:3',
  (width, height) => {
    for (const window of windowsOf(width, height)) {
      expect(Math.min(window.left, window.top)).toBeGreaterThanOrEqual(0);
      expect(window.left + window.width).toBeLessThanOrEqual(width);
      expect(window.top + window.height).toBeLessThanOrEqual(height);
      // A width is rounded to whole pixels: half a pixel either way.
      expect(((window.width + 0.5) * window.height) / (width * height)).toBeGreaterThanOrEqual(0.05);
      expect(Math.abs(window.width - (window.height * 25) / 24)).toBeLessThanOrEqual(
        (window.height * 7) / 24 + 0.5,
      );
    }
  },
);

test('windows reach both ends of the area, and every corner', () => {
  const windows = windowsOf(400, 400);
  const areas = windows.map(({ width, height }) => (width * height) / 400 ** 2);
  expect(Math.min(...areas)).toBeLessThan(0.06);
  expect(Math.max(...areas)).toBeGreaterThan(0.95);
  expect(Math.min(...windows.map(({ left, top }) => left + top))).toBeLessThan(10);
  expect(
    Math.max(...windows.map(({ left, top, width, height }) => left + width + top + height)),
  ).toBeGreaterThan(790);
});

test('of a square image as many windows lie left as right, and as many are wide as tall', () => {
  const windows = windowsOf(400, 400);
  const offCentre = windows.map(({ left, width }) => Math.sign(left + width / 2 - 200));
  const sum = offCentre.reduce((total, sign) => total + sign, 0);
  expect(Math.abs(sum)).toBeLessThan(4 * Math.sqrt(windows.length)); // four standard deviations of fair coins
});

test('an image in which none fits is taken whole', () => {
  expect(randomWindow(2800, 100, stream(1, 'image-window'))).toEqual({
    left: 0,
    top: 0,
    width: 2800,
    height: 100,
  });
});

test('evaluation sees the middle 87.5 % of each side', () => {
  expect(centralWindow(400, 320)).toEqual({ left: 25, top: 20, width: 350, height: 280 });
  expect(centralWindow(500, 375)).toEqual({ left: 31, top: 23, width: 438, height: 329 });
});
