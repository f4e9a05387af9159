import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { FLOAT64 } from '../../../activities/theory/arithmetic.ts';
import { deepNetwork, type Hinge } from '../../../activities/theory/corollary-1.ts';
import { exactSystem } from '../../../activities/theory/exact.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import { hingeSum } from '../../../activities/theory/hinge-sum.ts';
import { countLayers, forward } from '../../../activities/theory/layers.ts';
import { RATIONAL } from '../../../activities/theory/rational.ts';
import { pointsOf } from '../../../activities/theory/sample.ts';
import { buildTheorem1, evaluate } from '../../../activities/theory/theorem-1.ts';
import { solve } from '../../../activities/theory/triangle.ts';

const [N, D] = [300, 12];
const DEPTHS = Array.from({ length: 31 }, (_, i) => i + 2);

const built = async (n: number) => {
  const { below } = stream(2, 'procedural');
  const sample = generatedPoints({ n, d: D, draw: stream(1, 'generated-points') });
  const labels = Array.from({ length: n }, () => below(10));
  const theorem = await buildTheorem1({
    sample,
    labels,
    projection: 'integers-53',
    draw: stream(1, 'projection'),
  });
  const points: number[][] = [];
  for await (const [, point] of pointsOf(sample)) points.push([...point]);
  const hinges: Hinge<number>[] = [...theorem.network.b].map((b, j) => ({ b, w: theorem.network.w[j]! }));
  return { sample, labels, theorem, points, hinges, a: [...theorem.network.a] };
};
const float = await built(N);

test.each(DEPTHS)('depth %d outputs every label in float64', (k) => {
  const layers = deepNetwork(FLOAT64, float.a, float.hinges, k);
  const errors = float.points.map((z, i) => Math.abs(forward(FLOAT64, layers, z)[0]! - float.labels[i]!));
  expect(Math.max(...errors)).toBeLessThan(1e-7); // 2⁻⁵³ of sums of n² labels, n times
});

test.each(DEPTHS)('depth %d has width n/(k − 1) + 3 and at most 3n + d + 5k weights', (k) => {
  const counts = countLayers(FLOAT64, deepNetwork(FLOAT64, float.a, float.hinges, k));
  expect(counts.depth).toBe(k);
  expect(counts.width).toBeLessThanOrEqual(Math.ceil(N / (k - 1)) + 3);
  expect(counts.weights).toBeLessThanOrEqual(3 * N + D + 5 * k);
});

test('depth 2 is the network of Theorem 1: n units, its 2n + d weights and n connections of 1', () => {
  const { width, weights } = countLayers(FLOAT64, deepNetwork(FLOAT64, float.a, float.hinges, 2));
  expect(width).toBe(N);
  const idle = float.hinges.filter(({ w }) => w === 0).length; // three labels on a line need no kink
  expect(weights).toBe(float.theorem.weights + N - idle);
});

test('as full matrices the layers have about n²/k entries: O(n + d) counts connections', () => {
  const k = 4;
  const { entries } = countLayers(FLOAT64, deepNetwork(FLOAT64, float.a, float.hinges, k));
  expect(entries).toBeGreaterThan((k - 2) * (N / (k - 1)) ** 2);
});

test('it is the function of Theorem 1 away from the sample too', () => {
  const { normal } = stream(3, 'procedural');
  const layers = deepNetwork(FLOAT64, float.a, float.hinges, 7);
  const elsewhere = Array.from({ length: 200 }, () => Array.from({ length: D }, () => 300 * normal()));
  const differences = elsewhere.map((z) => {
    const value = evaluate(float.theorem.network, z);
    return Math.abs(forward(FLOAT64, layers, z)[0]! - value) / (1 + Math.abs(value));
  });
  expect(Math.max(...differences)).toBeLessThan(1e-7);
});

test('with exact weights the output equals the label, at every depth from 2 to 32', async () => {
  const n = 33; // more than the deepest has layers
  const { sample, theorem, points } = await built(n);
  const system = await exactSystem(sample, theorem);
  const w = [...solve(RATIONAL, hingeSum(RATIONAL, 'kink'), system, 'as computed')];
  const hinges = w.map((weight, i) => ({ b: system.b(i), w: weight }));
  const a = [...theorem.network.a].map(RATIONAL.of);
  const expected = [...theorem.points].map((_, i) => [system.y(i)]);
  const inputs = [...theorem.points].map((point) => points[point]!.map(RATIONAL.of));
  const outputs = DEPTHS.map((k) => {
    const layers = deepNetwork(RATIONAL, a, hinges, k);
    return inputs.map((z) => forward(RATIONAL, layers, z));
  });
  expect(outputs).toEqual(DEPTHS.map(() => expected));
});

test('more layers than points are passed through', () => {
  const layers = deepNetwork(
    FLOAT64,
    [1],
    [
      { b: -1, w: 2 },
      { b: 3, w: -5 },
    ],
    9,
  );
  expect(countLayers(FLOAT64, layers).depth).toBe(9);
  expect([-2, 0, 3, 5].map((z) => forward(FLOAT64, layers, [z])[0])).toEqual([0, 2, 8, 2]);
});

test.each([1, 0, 2.5, Number.NaN])('depth %d is refused', (k) => {
  expect(() => deepNetwork(FLOAT64, float.a, float.hinges, k)).toThrow(
    `A network of depth ${k} cannot be built, expected a whole number from 2 on.`,
  );
});
