import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import { drawProjection, project } from '../../../activities/theory/projection.ts';
import { type Coordinates, pointsOf, sampleOf } from '../../../activities/theory/sample.ts';

const draw = () => stream(1, 'projection');
const generated = generatedPoints({ n: 40, d: 3072, draw: stream(1, 'generated-points') });

const dotProduct = (a: Float64Array, point: Coordinates) =>
  Array.from(point, BigInt).reduce((sum, coordinate, j) => sum + coordinate * BigInt(a[j]!), 0n);

test.each([
  ['integers-53', 2 ** 53],
  ['integers-24', 2 ** 24],
] as const)(
  '%s projects bytes without rounding, with all partial sums below its bound',
  async (kind, bound) => {
    const a = drawProjection(kind, generated, draw());
    const x = await project(generated, a);
    const exact: bigint[] = [];
    for await (const [, point] of pointsOf(generated)) exact.push(dotProduct(a, point));
    expect(Array.from(x, BigInt)).toEqual(exact);
    expect(a.reduce((sum, coefficient) => sum + 255 * Math.abs(coefficient), 0)).toBeLessThanOrEqual(bound);
  },
);

test('whole coefficients spread over both signs and are as large as the bound allows', () => {
  const a = drawProjection('integers-24', generated, draw());
  expect([Math.min(...a), Math.max(...a)]).toEqual([-21, 21]); // ⌊2²⁴/(255·3072)⌋
});

test.each([2 ** -1060, 1e-200, 1, 1e300])(
  'gaussian projects points of size %d to numbers near 1',
  async (size) => {
    const points = Float64Array.of(size, 0.5 * size, -size, 0.25 * size);
    const sample = sampleOf(points, 2);
    const x = await project(sample, drawProjection('gaussian', sample, draw()));
    expect(x.every((value) => Math.abs(value) < 100 && Math.abs(value) > 1e-30)).toBe(true);
  },
);

test('a unit vector has length 1 and the direction of the Gaussian one', () => {
  const [unit, gaussian] = (['unit-vector', 'gaussian'] as const).map((kind) =>
    drawProjection(kind, generated, draw()),
  );
  expect(Math.hypot(...unit!)).toBeCloseTo(1, 14);
  const ratio = gaussian![0]! / unit![0]!;
  for (const [j, value] of unit!.entries()) expect(value * ratio).toBeCloseTo(gaussian![j]!, 12);
});

test('a coordinate is one of the point’s own', async () => {
  const a = drawProjection('coordinate', generated, draw());
  expect([...a].filter((value) => value !== 0)).toEqual([1]);
  const j = a.indexOf(1);
  const own: number[] = [];
  for await (const [, point] of pointsOf(generated)) own.push(point[j]!);
  expect([...(await project(generated, a))]).toEqual(own);
});

test('a projection of so few bits that nothing is left of it is refused', () => {
  const sample = { ...generated, d: 70_000 };
  expect(() => drawProjection('integers-24', sample, draw())).toThrow(
    'Points of 70000 coordinates up to 255 overflow a projection of 24 bits: project them with integers-53.',
  );
});

test('a source that ends early is refused', async () => {
  const sample = { ...generated, n: 41 };
  await expect(project(sample, drawProjection('gaussian', sample, draw()))).rejects.toThrow(
    'The sample has 40 points, expected the 41 it announces.',
  );
});
