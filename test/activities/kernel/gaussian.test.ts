import { expect, test } from 'vitest';
import { gaussianBlock, withDiagonal } from '../../../activities/kernel/gaussian.ts';
import { featurePoints, pixelPoints, placePoints, stepsOf } from '../../../activities/kernel/points.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import { flat, furthest, gaussian, sample, valuesOf } from './small.ts';

test('float64 values on pixels are exact up to the exponential, also beyond 1,024 dimensions', () =>
  withSession(async (session) => {
    const { pixels } = sample(30, 1500);
    const points = await placePoints(session, pixelPoints(pixels, 1500));
    const values = await valuesOf(session, gaussianBlock(0.02, points, points), [30, 30]);
    // Distances are exact integers; only the reference's sum of 1,500 squares and two exponentials round.
    expect(furthest(values, flat(gaussian(pixels, pixels, 1500, 0.02)))).toBeLessThan(1e-14);
  }));

test('float32 values are within their rounding of the float64 ones', () =>
  withSession(async (session) => {
    const points = await placePoints(session, pixelPoints(sample(40, 784).pixels, 784));
    const kernel = gaussianBlock(0.02, points, points);
    const [low] = await session.run({ fetches: [kernel(session, 'float32', [0, 40], [0, 40])] });
    const high = await valuesOf(session, kernel, [40, 40]);
    expect(furthest(low!, high)).toBeLessThan(1.2e-7);
    expect(furthest(low!, high)).toBeGreaterThan(0); // two arithmetics, not one
  }));

test('a block is that part of the whole', () =>
  withSession(async (session) => {
    const { pixels } = sample(20, 49);
    const points = await placePoints(session, pixelPoints(pixels, 49));
    const kernel = gaussianBlock(0.5, points, points);
    const [block] = await session.run({ fetches: [kernel(session, 'float64', [5, 3], [11, 2])] });
    const rows = gaussian(pixels, pixels, 49, 0.5);
    expect(furthest(block!, flat(rows.slice(5, 8).map((row) => row.slice(11, 13))))).toBeLessThan(1e-14);
  }));

test('features are rounded to 8 bits, and distances of what is rounded are exact', () =>
  withSession(async (session) => {
    const features = Float32Array.from({ length: 120 }, (_, i) => Math.sin(i * i) + 3);
    const steps = stepsOf(features, 6);
    const whole = featurePoints(features, 6);
    expect(Math.max(...whole.data.map(Math.abs))).toBe(127);
    const restored = whole.data.map((value, i) => value * steps.unit + steps.centre[i % 6]!);
    expect(furthest(restored, features)).toBeLessThan(steps.unit / 2 + 1e-6); // and float32
    const points = await placePoints(session, whole);
    const values = await valuesOf(session, gaussianBlock(1, points, points), [20, 20]);
    const bytes = Uint8Array.from(whole.data, (value) => value + 128);
    const gamma = (255 * steps.unit) ** 2;
    expect(furthest(values, flat(gaussian(bytes, bytes, 6, gamma)))).toBeLessThan(1e-14);
  }));

test('new features take the steps of the old, and end where those end', () => {
  const steps = stepsOf(Float32Array.of(0, 1, 2, 3), 2);
  expect(steps).toEqual({ centre: Float32Array.of(1, 2), unit: 1 / 127 });
  expect(featurePoints(Float32Array.of(1, 99), 2, steps).data).toEqual(Float32Array.of(0, 127));
});

test('λ is added on the diagonal alone', () =>
  withSession(async (session) => {
    const { pixels } = sample(12, 9);
    const points = await placePoints(session, pixelPoints(pixels, 9));
    const kernel = withDiagonal(gaussianBlock(1, points, points), 0.25);
    const values = await valuesOf(session, kernel, [12, 12]);
    const [off] = await session.run({ fetches: [kernel(session, 'float64', [6, 6], [0, 6])] });
    const rows = gaussian(pixels, pixels, 9, 1);
    expect(
      furthest(values, flat(rows.map((row, i) => row.map((v, j) => v + (i === j ? 0.25 : 0))))),
    ).toBeLessThan(1e-14);
    expect(furthest(off!, flat(rows.slice(6).map((row) => row.slice(0, 6))))).toBeLessThan(1e-14);
  }));
