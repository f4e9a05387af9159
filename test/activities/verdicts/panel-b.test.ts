import { expect, test } from 'vitest';
import type { FigureRun } from '../../../activities/contract.ts';
import { judgePanelB } from '../../../activities/verdicts/panel-b.ts';
import { cifar10, made } from './synthetic.ts';

/** Steps at corruption 0, 0.5 and 1 of seeds 1, 2, …; null: never. */
function runs(...seeds: (number | null)[][]): FigureRun[] {
  return seeds.flatMap((steps, index) =>
    steps.map((fitted, place) => made({ level: place / 2, seed: index + 1, fitted })),
  );
}

function judged(runs: FigureRun[], profile: 'paper' | 'quick' = 'paper') {
  return judgePanelB({ profile, dataset: cifar10, panels: ['b'], runs }, ['inception'])[0];
}

test('factors of 1.5 and 3.5 in three seeds are a small constant', () => {
  expect(judged(runs([1000, 1500, 3500], [1000, 1600, 3400], [1000, 1400, 3300]))).toMatchObject({
    claim: 'figure-1b.small-factor.inception',
    kind: 'reproduced',
    agrees: true,
    measured: '1.40–1.60 at corruption 0.5; 3.30–3.50 at corruption 1.',
  });
});

test('the same factors in one seed, or at the quick profile, are seen and not judged', () => {
  const seen = { kind: 'not judged at this scale', agrees: true };

  expect(judged(runs([1000, 1500, 3500]))).toMatchObject(seen);
  expect(judged(runs([100, 150, 350], [100, 150, 350], [100, 150, 350]), 'quick')).toMatchObject(seen);
});

test('the same factors in bfloat16 are seen and not judged, and the reason names the precision', () => {
  const in16 = runs([1000, 1500, 3500], [1000, 1600, 3400], [1000, 1400, 3300]).map((run) => {
    const { trajectory, stop } = run.planned.run;
    const low = { trajectory: { ...trajectory, precision: 'bfloat16' } as const, stop };
    return { ...run, planned: { ...run.planned, run: low } };
  });
  expect(judged(in16)).toMatchObject({
    kind: 'not judged at this scale',
    agrees: true,
    reason: "Computed in bfloat16, and the paper's numbers are float32's.",
  });
});

test('a factor of 6, or one of 1, is not the small growth of the paper', () => {
  const large = [1000, 1500, 6000];
  const none = [1000, 1000, 1000];

  expect(judged(runs(large, large, large))).toMatchObject({
    kind: 'depends on an open choice',
    agrees: false,
  });
  expect(judged(runs(none, none, none))).toMatchObject({ kind: 'depends on an open choice', agrees: false });
});

test('random labels not fitted within 25 times decide against, not fitted within 2.5 times decide nothing', () => {
  const far = [1000, 1500, null];
  const near = [10_000, 15_000, null];

  expect(judged(runs(far, far, far))).toMatchObject({ kind: 'depends on an open choice', agrees: false });
  expect(judged(runs(near, near, near))).toMatchObject({
    kind: 'not judged at this scale',
    agrees: null,
    measured: '1.50 at corruption 0.5; 2.50 or more (budget spent) at corruption 1.',
  });
});

test('without fitted true labels there is no unit', () => {
  expect(judged(runs([null, null, null]))).toMatchObject({ agrees: null, measured: '' });
});

test('a diverged training counts against, a cancelled one is missing', () => {
  const diverged = [...runs([1000, 1500]), made({ level: 1, failure: 'LossNotFinite' })];
  const cancelled = [...runs([1000, 1500]), made({ level: 1, failure: 'TrainingCancelled' })];

  expect(judged(diverged)).toMatchObject({ kind: 'not judged at this scale', agrees: false });
  expect(judged(cancelled)).toMatchObject({
    kind: 'not run',
    reason: 'Missing: corruption 1, seed 1 (TrainingCancelled).',
  });
});

test('of a grid of eleven levels the last and the largest factor are told', () => {
  const grid = Array.from({ length: 11 }, (_, index) =>
    made({ level: index / 10, fitted: index === 9 ? 4_200 : 1_000 + 200 * index }),
  );

  expect(judged(grid).measured).toBe('4.20 at corruption 0.9; 3.00 at corruption 1.');
});

test('a panel that was not asked for is "not run"', () => {
  const request = { profile: 'paper', dataset: cifar10, runs: [] } as const;

  const [verdict] = judgePanelB({ ...request, runs: [], panels: ['a'] }, ['alexnet']);

  expect(verdict).toMatchObject({ kind: 'not run', agrees: null, reason: 'Panel b was not asked for.' });
});
