import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { measureDepths } from '../../../activities/theory/depths.ts';
import { sampleOf } from '../../../activities/theory/sample.ts';
import { buildTheorem1 } from '../../../activities/theory/theorem-1.ts';
import { boundsOf } from '../../../activities/verdicts/theorem-1.ts';

const [n, d] = [300, 48];
const { below } = stream(1, 'generated-points');
const points = Uint8Array.from({ length: n * d }, () => below(256));
const sample = sampleOf(points, d);

const theorem = await buildTheorem1({
  sample,
  labels: Array.from({ length: n }, () => below(10)),
  projection: 'integers-53',
  draw: stream(1, 'projection'),
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list = [];
  for await (const item of items) list.push(item);
  return list;
}

test('depths 2 to 32 keep every label, and the bounds on width and weights', async () => {
  const rows = await all(measureDepths(theorem, sample));
  expect(rows.map(({ k, depth }) => [k, depth])).toEqual([2, 3, 4, 8, 16, 32].map((k) => [k, k]));
  for (const { k, width, weights, evaluated, largestError } of rows) {
    const bounds = boundsOf({ n, d, k });
    expect(width).toBeLessThanOrEqual(bounds.width);
    expect(weights).toBeLessThanOrEqual(bounds.weights);
    expect(evaluated).toBe(n);
    // n² terms of up to 10 n, rounded to 2⁻⁵³; 2⁻¹⁰² beside the rounding of the weights themselves
    expect(largestError.float64).toBeLessThan(1e-6);
    expect(largestError.doubleDouble).toBeLessThan(1e-11);
  }
});

test('a label that is another one shows as an error', async () => {
  const wrong = { ...theorem, y: theorem.y.with(n - 1, theorem.y[n - 1]! + 3) };
  const [row] = await all(measureDepths(wrong, sample, [4]));
  expect(row!.largestError.float64).toBeCloseTo(3, 6);
});
