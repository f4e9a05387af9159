import { expect, test } from 'vitest';
import { predictFrom } from '../../../activities/kernel/predict.ts';
import {
  addConstantFeature,
  computeFeatures,
  featureKernel,
  placeLayer,
} from '../../../activities/kernel/random-features.ts';
import { PATCH_PIXELS, randomFilters, whiteningOf } from '../../../activities/kernel/random-filters.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import { fitted, solveKernel, systemOfMatrix } from '../../../activities/kernel/solve.ts';
import { finished, flat, furthest, identity, inRows, multiply, sample, solved } from './small.ts';

const PIXELS = 3072;
const { pixels: train, labels } = sample(40, PIXELS);
const { pixels: test_ } = sample(7, PIXELS, 2);
const whitening = whiteningOf(train, 1);
const request = {
  train,
  test: test_,
  seed: 1,
  filters: 20,
  together: 8,
  type: 'float64' as const,
  whitening,
};

const whole = () =>
  withSession((session) => computeFeatures(placeLayer(session, 20), request, { first: 0, size: 20 }));

test('filters are the same whatever is drawn beside them, and others from another seed', () => {
  const all = randomFilters(train, whitening, { seed: 1, first: 0, count: 20 });
  const some = randomFilters(train, whitening, { seed: 1, first: 8, count: 5 });
  const strip = Float32Array.from(
    { length: PATCH_PIXELS * 5 },
    (_, i) => all.filters[Math.floor(i / 5) * 20 + 8 + (i % 5)]!,
  );
  expect(some.filters).toEqual(strip);
  expect(some.offsets).toEqual(all.offsets.slice(8, 13));
  const other = randomFilters(train, whiteningOf(train, 2), { seed: 2, first: 8, count: 5 });
  expect(other.filters).not.toEqual(some.filters);
});

test('whitening: L·Lᵀ is the covariance of the patches plus a tenth, so L⁻¹ makes it all but the unit', () => {
  const { root } = whitening;
  const covariance = multiply(inRows(root, PATCH_PIXELS), transposed(inRows(root, PATCH_PIXELS)));
  // p̂ has mean 0 and variance just below 1 in every patch: the trace of C is at most 108.
  const trace = covariance.reduce((sum, row, k) => sum + row[k]! - 0.1, 0);
  expect(trace).toBeLessThan(PATCH_PIXELS);
  expect(trace).toBeGreaterThan(0.9 * PATCH_PIXELS);
});

const transposed = (rows: number[][]) => rows[0]!.map((_, c) => rows.map((row) => row[c]!));

test('a response is ⟨g, p̂ − m⟩, split at ±1 and averaged over quarters, as plain loops have it', async () => {
  const { filters, offsets } = randomFilters(train, whitening, { seed: 1, first: 0, count: 20 });
  const pooled = await withSession(async (session) => {
    const layer = placeLayer(session, 20);
    await layer.setFilters({ count: 20, filters, offsets });
    return layer.pooled(train, { first: 3, size: 2 });
  });
  // Image 4, the lower left quarter, filter 6, both signs.
  let [up, down] = [0, 0];
  for (let y = 13; y < 27; y++) {
    for (let x = 0; x < 14; x++) {
      const patch = Array.from({ length: PATCH_PIXELS }, (_, k) => {
        const [row, column] = [y + Math.floor(k / 18), 3 * x + (k % 18)];
        return train[4 * PIXELS + row * 96 + column]!;
      });
      const mean = patch.reduce((sum, value) => sum + value, 0) / PATCH_PIXELS;
      const variance = patch.reduce((sum, value) => sum + (value - mean) ** 2, 0) / PATCH_PIXELS;
      const product = patch.reduce((sum, value, k) => sum + (value - mean) * filters[k * 20 + 6]!, 0);
      const response = product / Math.sqrt(variance + 10) - offsets[6]!;
      up += Math.max(response - 1, 0) / 196;
      down += Math.max(-response - 1, 0) / 196;
    }
  }
  const at = PIXELS_OF_POOLED + 2 * 40; // [image, quarter, sign and filter]
  expect(pooled[at + 6]).toBeCloseTo(up, 4);
  expect(pooled[at + 26]).toBeCloseTo(down, 4);
});

const PIXELS_OF_POOLED = 4 * 40;

test('features have mean 0 over the training images', async () => {
  const { width, train: features } = await whole();
  const sums = new Float64Array(width);
  for (const [i, value] of features.entries()) sums[i % width]! += value;
  expect(Math.max(...sums.map(Math.abs))).toBeLessThan(1e-6);
});

test('K summed up 8, 8 and 4 filters at a time is Φ·Φᵀ of all 20, and so for the test images', async () => {
  const features = await whole();
  const rows = inRows(features.train, features.width);
  const [matrix, cross] = await withSession(async (session) => {
    const kernel = await finished(featureKernel(session, request));
    const fetches = [kernel.matrix.blocks.at(0, 0).value, kernel.cross[0]!.value];
    return session.run({ fetches });
  });
  const scale = Math.max(...matrix!);
  expect(furthest(matrix!, flat(multiply(rows, transposed(rows)))) / scale).toBeLessThan(1e-6);
  const others = inRows(features.test, features.width);
  expect(furthest(cross!, flat(multiply(others, transposed(rows)))) / scale).toBeLessThan(1e-6);
});

test('the system of that matrix with l2 is solved and predicts as elimination does', async () => {
  const stop = { residual: 1e-11, iterations: 100 };
  const asked = { labels, l2: 0.05, stop };
  const [matrix, cross, outputs, own] = await withSession(async (session) => {
    const kernel = await finished(featureKernel(session, request));
    const system = await systemOfMatrix(session, kernel.matrix, asked);
    const { alpha, ...rest } = await finished(solveKernel(system, asked));
    const fetches = [kernel.matrix.blocks.at(0, 0).value, kernel.cross[0]!.value];
    const [k, c] = await session.run({ fetches });
    const predicted = await predictFrom(session, kernel.cross, { alpha, m: 10 });
    return [k!, c!, predicted, fitted(system, { alpha, ...rest }, asked.l2)] as const;
  });
  const rows = inRows(matrix, 40);
  const unit = identity(40);
  const targets = inRows(labels, 1).map(([label]) =>
    unit[0]!.slice(0, 10).map((_, c) => (c === label ? 1 : -1)),
  );
  const alpha = solved(
    rows.map((row, i) => row.map((v, j) => v + 0.05 * unit[i]![j]!)),
    targets,
  );
  expect(furthest(outputs, flat(multiply(inRows(cross, 40), alpha)))).toBeLessThan(1e-8);
  expect(furthest(own, flat(multiply(rows, alpha)))).toBeLessThan(1e-8);
});

test('with a constant feature besides, labels that are not even are fitted without l2', async () => {
  const uneven = labels.map((label, i) => (i % 3 === 0 ? 0 : label));
  const asked = { labels: uneven, l2: 0, stop: { residual: 1e-9, iterations: 200 } };
  const [square, diagonal, errors, residual] = await withSession(async (session) => {
    const kernel = await finished(featureKernel(session, request));
    const [before] = await session.run({ fetches: [kernel.matrix.blocks.at(0, 0).value] });
    const added = await addConstantFeature(session, kernel);
    const system = await systemOfMatrix(session, kernel.matrix, asked);
    const events = [];
    for await (const event of solveKernel(system, asked)) events.push(event);
    return [
      added,
      Array.from(before!).filter((_, i) => i % 41 === 0),
      events.at(-1)!.errors,
      events.at(-1)!.residual,
    ] as const;
  });
  expect(square).toBeCloseTo(
    diagonal.reduce((sum, value) => sum + value / 40, 0),
    10,
  );
  expect(errors).toBe(0);
  expect(residual).toBeLessThan(1e-9);
});
