import { describe, expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import type { ProjectionKind } from '../../../activities/theory/projection.ts';
import { type Coordinates, pointsOf, type Sample, sampleOf } from '../../../activities/theory/sample.ts';
import { buildTheorem1, evaluate } from '../../../activities/theory/theorem-1.ts';

const draw = () => stream(1, 'projection');
const build = (sample: Sample, labels: ArrayLike<number>, projection: ProjectionKind = 'integers-53') =>
  buildTheorem1({ sample, labels, projection, draw: draw() });

const { below, normal } = stream(1, 'procedural');
const classes = (n: number) => Array.from({ length: n }, () => below(10));
const reals = (n: number, size = 1) => Array.from({ length: n }, () => size * normal());

/** The largest error of the formula of the theorem at the points themselves. */
async function errorOfFormula(
  sample: Sample,
  labels: number[],
  projection?: ProjectionKind,
): Promise<number> {
  const { network } = await build(sample, labels, projection);
  let largest = 0;
  for await (const [i, z] of pointsOf(sample)) {
    largest = Math.max(largest, Math.abs(evaluate(network, z) - labels[i]!));
  }
  return largest;
}

describe('the network outputs every label:', () => {
  test.each<[string, number, number, Coordinates]>([
    ['one point', 1, 5, Uint8Array.of(1, 2, 3, 4, 5)],
    ['one point at the origin', 1, 2, Uint8Array.of(0, 0)],
    ['points on a line', 256, 1, Uint8Array.from({ length: 256 }, (_, i) => i)],
    ['more coordinates than points', 3, 400, Uint8Array.from({ length: 1200 }, () => below(256))],
    ['more points than coordinates', 400, 3, Uint8Array.from({ length: 1200 }, () => below(256))],
    ['two neighbours in one coordinate', 2, 3, Uint8Array.of(7, 7, 7, 7, 8, 7)],
    ['real coordinates', 50, 8, Float64Array.from({ length: 400 }, () => normal())],
    ['huge coordinates', 50, 8, Float64Array.from({ length: 400 }, () => 1e300 * normal())],
    ['tiny coordinates', 50, 8, Float64Array.from({ length: 400 }, () => 1e-300 * normal())],
    [
      'two clusters far apart',
      60,
      2,
      Float64Array.from({ length: 120 }, (_, i) => (i < 60 ? 1 : 1e6) + 1e-3 * normal()),
    ],
  ])('%s', async (_name, n, d, points) => {
    const projection = points instanceof Uint8Array ? 'integers-53' : 'gaussian';
    // Summed term by term, errors are n²·2⁻⁵³ of the labels at even spacing; clusters cost another factor of 10⁶.
    expect(await errorOfFormula(sampleOf(points, d), classes(n), projection)).toBeLessThan(1e-3);
  });

  test.each([1e-200, 1, 1e200])('labels of size %d', async (size) => {
    const sample = generatedPoints({ n: 100, d: 16, draw: stream(2, 'generated-points') });
    expect(await errorOfFormula(sample, reals(100, size))).toBeLessThan(1e-8 * size);
  });

  test('5,000 labels, to 10⁻¹⁰ in double-double, from weights that float64 holds', async () => {
    const n = 5000;
    const sample = generatedPoints({ n, d: 64, draw: stream(3, 'generated-points') });
    const { largestError } = await build(sample, classes(n));
    expect(largestError.doubleDouble).toBeLessThan(1e-10);
    expect(largestError.float64).toBeLessThan(1e-6);
  });
});

test('it has 2n + d weights and a triangular matrix with a positive diagonal', async () => {
  const [n, d] = [200, 32];
  const { network, weights, lemma1 } = await build(
    generatedPoints({ n, d, draw: stream(4, 'generated-points') }),
    classes(n),
  );
  expect(weights).toBe(2 * n + d);
  expect([network.a.length, network.b.length, network.w.length]).toEqual([d, n, n]);
  expect(lemma1.triangular).toBe(true);
  expect(lemma1.smallestDiagonal).toBeGreaterThanOrEqual(1); // whole projections differ by 1 at least
});

test('a stream of blocks gives the same network as the same points in memory', async () => {
  const [n, d] = [700, 32];
  const streamed = generatedPoints({ n, d, draw: stream(5, 'generated-points') });
  const points = new Uint8Array(n * d);
  for await (const [i, point] of pointsOf(streamed)) points.set(point, i * d);
  const labels = classes(n);
  expect((await build(streamed, labels)).network).toEqual((await build(sampleOf(points, d), labels)).network);
});

test('equal points with one label share a hinge, and are reported', async () => {
  const sample = sampleOf(Uint8Array.of(1, 2, 3, 4, 1, 2, 5, 6, 1, 2), 2);
  const { merged, weights, points } = await build(sample, [7, 1, 7, 2, 7]);
  expect(merged).toEqual([
    [0, 2],
    [0, 4],
  ]);
  expect([...points].sort()).toEqual([0, 1, 3]);
  expect(weights).toBe(2 * 3 + 2);
});

test('different points that meet in one projection get another one', async () => {
  // Two of 600 points meet in every third projection of 24 bits, which leave coefficients up to 83 to 784 bytes.
  const sample = generatedPoints({ n: 600, d: 784, draw: stream(6, 'generated-points') });
  const drawn = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((seed) =>
      buildTheorem1({
        sample,
        labels: classes(600),
        projection: 'integers-24',
        draw: stream(seed, 'projection'),
      }),
    ),
  );
  expect(drawn.some(({ draws }) => draws > 1)).toBe(true);
  expect(drawn.every(({ x }) => x.length === 600)).toBe(true);
});

describe('refused:', () => {
  test('equal points with different labels, by their indices', async () => {
    const sample = sampleOf(Uint8Array.of(1, 2, 3, 4, 1, 2, 5, 6), 2);
    await expect(build(sample, [7, 1, 8, 2])).rejects.toMatchObject({
      type: 'InvalidInput',
      message:
        'Equal points have different labels: 0 and 2 (labels 7 and 8). A function has one value at a point: give equal ' +
        'points one label, or leave one of them out.',
    });
  });

  test('many of them, by the first three and their number', async () => {
    const sample = sampleOf(new Uint8Array(12), 2);
    await expect(build(sample, [0, 1, 2, 3, 4, 5])).rejects.toThrow(
      '0 and 1 (labels 0 and 1), 0 and 2 (labels 0 and 2), 0 and 3 (labels 0 and 3), and 2 more pairs.',
    );
  });

  test('points that no projection of 24 bits tells apart', async () => {
    const sample = generatedPoints({ n: 3000, d: 784, draw: stream(7, 'generated-points') });
    await expect(build(sample, classes(3000), 'integers-24')).rejects.toThrow(
      /^None of 32 projections of kind integers-24 told all 3000 points apart .*: take integers-53, or fewer points\.$/,
    );
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['no point', () => build(sampleOf(new Uint8Array(0), 2), []), 'The sample has no points'],
    [
      'a label too few',
      () => build(sampleOf(new Uint8Array(4), 2), [1]),
      'There are 1 labels, expected one for each of 2',
    ],
    [
      'a label that is none',
      () => build(sampleOf(Uint8Array.of(1, 2), 1), [1, Number.NaN]),
      'The label of point 1 is NaN',
    ],
    [
      'a coordinate that is none',
      async () => build(sampleOf(Float64Array.of(0, 1, 2, Number.NaN), 2), [1, 2]),
      'Coordinate 1 of point 1 is NaN, expected a finite number',
    ],
    [
      'a stream with such a coordinate',
      async () =>
        build(
          { ...sampleOf(Float64Array.of(0, 1), 1), blocks: () => [Float64Array.of(0, Infinity)] },
          [1, 2],
          'gaussian',
        ),
      'The projection of point 1 is ',
    ],
  ])('%s', async (_name, attempt, sentence) => {
    await expect(attempt()).rejects.toThrow(sentence);
  });
});
