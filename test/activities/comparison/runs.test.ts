import { expect, test } from 'vitest';
import { compareCurves } from '../../../activities/comparison/curves.ts';
import { compareRuns } from '../../../activities/comparison/runs.ts';
import { compareWeights } from '../../../activities/comparison/weights.ts';
import { createMemoryStore } from '../../../activities/store/memory.ts';
import { bound, finish } from '../plan/generated-runs.ts';

test('curves part at the first step whose losses differ', () => {
  const curve = (losses: number[]) => `step,loss\n${losses.map((loss, i) => `${i + 1},${loss}\n`).join('')}`;

  expect(compareCurves(curve([3, 2, 1, 0.5]), curve([3, 2, 1.5, 0.5, 0.1]))).toEqual({
    steps: [4, 5],
    parts: { step: 3, one: 1, other: 1.5 },
    largestDifference: 0.5,
  });
  expect(compareCurves(curve([3, 2]), curve([3, 2, 1])).parts).toBeNull();
});

test('weights differ by their largest difference, array by array, and other shapes are named', () => {
  const array = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

  expect(
    compareWeights(
      { a: array(1, -2), b: array(1), c: array(1) },
      { a: array(1, 2), b: array(1), c: array(1, 1) },
    ),
  ).toEqual({
    arrays: [
      { name: 'a', largestDifference: 4, largestValue: 2 },
      { name: 'b', largestDifference: 0, largestValue: 1 },
    ],
    unlike: ['c'],
  });
});

test('two runs: what was asked, what came out, where the curves part, how far the weights are apart', async () => {
  const store = createMemoryStore();
  await finish(store, bound(), { losses: [3, 2, 1], weight: 1 });
  await finish(store, bound({ seed: 2 }), { losses: [3, 2, 1.5], weight: 1.5, cpu: 'Another CPU' });

  const comparison = await compareRuns(store, [bound(), bound({ seed: 2 })]);

  expect(comparison).toMatchObject({
    settings: [{ field: 'corruption.seed' }, { field: 'seed', one: 1, other: 2 }],
    numbers: [{ field: 'loss at the end', one: 1, other: 1.5 }],
    computedWith: [{ field: 'machine' }],
    curve: { parts: { step: 3, one: 1, other: 1.5 } },
    weights: { arrays: [{ name: 'dense/kernel', largestDifference: 0.5 }], unlike: [] },
  });
});

test('of the same bytes nothing differs', async () => {
  const store = createMemoryStore();
  await finish(store, bound());

  expect(await compareRuns(store, [bound(), bound()])).toEqual({
    settings: [],
    numbers: [],
    computedWith: [],
    curve: null,
    weights: null,
  });
});

test('a run that has not ended is not compared, in one sentence', async () => {
  const store = createMemoryStore();
  await finish(store, bound());

  await expect(compareRuns(store, [bound(), bound({ seed: 2 })])).rejects.toThrow(
    `Run ${bound({ seed: 2 }).id} has not ended: there is nothing of it to look at yet.`,
  );
});
