import { expect, test } from 'vitest';
import type { Condition, FigureRun } from '../../../activities/contract.ts';
import { judgePanelA } from '../../../activities/verdicts/panel-a.ts';
import { cifar10, made } from './synthetic.ts';

/** Steps as a third party measured them. */
const STEPS: Record<Condition, number> = {
  'true-labels': 4_000,
  'shuffled-pixels': 5_600,
  gaussian: 8_800,
  'random-pixels': 11_900,
  'random-labels': 16_600,
};

function runs(seeds: number[], changes: Partial<Record<Condition, number | null>> = {}): FigureRun[] {
  const steps: Record<Condition, number | null> = { ...STEPS, ...changes };
  const conditions: Condition[] = [
    'true-labels',
    'random-labels',
    'shuffled-pixels',
    'random-pixels',
    'gaussian',
  ];
  return seeds.flatMap((seed) =>
    conditions.map((condition) => made({ condition, seed, fitted: steps[condition] })),
  );
}

const request = { profile: 'paper', dataset: cifar10, panels: ['a', 'b', 'c'] } as const;

function judged(claim: string, runs: FigureRun[], changes: object = {}) {
  const verdicts = judgePanelA({ ...request, panels: [...request.panels], ...changes, runs });
  return verdicts.find((verdict) => verdict.claim === `figure-1a.${claim}`);
}

const others = (condition: Condition, from: FigureRun[]) => from.filter((run) => run.condition !== condition);

test('one seed in which all five conditions are fitted reproduces that they can be', () => {
  const verdict = judged('all-fitted', runs([1]));

  expect(verdict).toMatchObject({ kind: 'reproduced', agrees: true });
  expect(verdict?.measured).toBe(
    'No training error from step: true labels 4,000; random labels 16,600; shuffled pixels 5,600; ' +
      'random pixels 11,900; gaussian 8,800.',
  );
});

test('true labels alone, fitted, say nothing yet of all five conditions; unfitted they speak against', () => {
  const alone = (fitted: number | null) => [made({ condition: 'true-labels', fitted })];
  const small = { profile: 'quick' };

  expect(judged('all-fitted', alone(4_000), small)).toMatchObject({
    kind: 'not judged at this scale',
    agrees: null,
  });
  expect(judged('all-fitted', alone(null), small)).toMatchObject({ agrees: false });
});

test('random labels that were never fitted depend on the open choices, and are reported as a bound', () => {
  const verdict = judged('all-fitted', runs([1, 2, 3], { 'random-labels': null }));

  expect(verdict).toMatchObject({ kind: 'depends on an open choice', agrees: false });
  expect(verdict?.measured).toContain('random labels 3 not within 25,000');
});

test('a run that diverged is a result, and not "not run"', () => {
  const diverged = made({ condition: 'gaussian', failure: 'LossNotFinite' });

  const verdict = judged('all-fitted', [...others('gaussian', runs([1])), diverged]);

  expect(verdict).toMatchObject({ kind: 'not judged at this scale', agrees: false });
  expect(verdict?.measured).toContain('gaussian diverged');
});

test('a cancelled run, or a condition that was not asked for, is "not run" and says so', () => {
  const cancelled = made({ condition: 'gaussian', failure: 'TrainingCancelled' });
  const rest = others('gaussian', runs([1]));

  const one = judged('all-fitted', [...rest, cancelled]);
  const other = judged('all-fitted', rest);

  expect(one).toMatchObject({ kind: 'not run', reason: 'Missing: gaussian, seed 1 (TrainingCancelled).' });
  expect(other).toMatchObject({
    kind: 'not run',
    reason: 'Missing: gaussian of Inception (not asked for).',
  });
});

test('conditions trained with different hyper-parameters do not show that the same ones fit', () => {
  const all = runs([1]);
  all[1].planned.run.trajectory.batchSize = 64;

  expect(judged('all-fitted', all)?.agrees).toBe(false);
});

test('an order that holds in three seeds which lie apart is reproduced', () => {
  const all = runs([1, 2, 3]);

  expect(judged('true-labels-first', all)).toMatchObject({ kind: 'reproduced', agrees: true });
  expect(judged('noise-before-random-labels', all)).toMatchObject({ kind: 'reproduced', agrees: true });
});

test('an order of one seed is seen and not judged', () => {
  expect(judged('true-labels-first', runs([1]))).toMatchObject({
    kind: 'not judged at this scale',
    agrees: true,
    reason: 'It holds in 1 seed; 3 are needed.',
  });
});

test('an order within each seed is not judged when the seeds of two conditions overlap', () => {
  const late = { 'true-labels': 6_000, 'shuffled-pixels': 6_500 };

  const verdict = judged('true-labels-first', [...runs([1, 2]), ...runs([3], late)]);

  expect(verdict).toMatchObject({ kind: 'not judged at this scale', agrees: true });
  expect(verdict?.reason).toContain('overlap');
});

test('true labels last in all of three seeds contradict the paper, in two of them nothing does', () => {
  const slow = { 'true-labels': 20_000 };

  expect(judged('true-labels-first', runs([1, 2, 3], slow))?.kind).toBe('contradicted');
  expect(judged('true-labels-first', runs([1, 2], slow))).toMatchObject({
    kind: 'not judged at this scale',
    agrees: false,
  });
});

test('seeds that disagree are no contradiction', () => {
  const verdict = judged('true-labels-first', [...runs([1, 2]), ...runs([3], { 'true-labels': 20_000 })]);

  expect(verdict).toMatchObject({ kind: 'depends on an open choice', agrees: false });
});

test('random labels that were not fitted within the budget were fitted after those that were', () => {
  const verdict = judged('noise-before-random-labels', runs([1, 2, 3], { 'random-labels': null }));

  expect(verdict).toMatchObject({ kind: 'reproduced', agrees: true });
});

test('two conditions fitted at the same evaluation leave their order open', () => {
  const verdict = judged('true-labels-first', runs([1, 2, 3], { 'shuffled-pixels': 4_000 }));

  expect(verdict).toMatchObject({ kind: 'not judged at this scale', agrees: null });
});

test('shuffled pixels at 1.4 times true labels are close, at 3 times they are not', () => {
  const close = judged('shuffled-pixels-close', runs([1, 2, 3]));
  const far = judged('shuffled-pixels-close', runs([1, 2, 3], { 'shuffled-pixels': 12_000 }));

  expect(close).toMatchObject({ kind: 'reproduced', measured: 'Ratio, seed by seed: 1.40, 1.40, 1.40.' });
  expect(far).toMatchObject({ kind: 'depends on an open choice', agrees: false });
});

test('a shuffled-pixels run whose budget ended below the bound decides nothing', () => {
  const cut = made({ condition: 'shuffled-pixels', fitted: null, budget: 6_000 });

  const verdict = judged('shuffled-pixels-close', [...others('shuffled-pixels', runs([1])), cut]);

  expect(verdict).toMatchObject({ agrees: null, measured: 'Ratio, seed by seed: > 1.50.' });
});

test.each([
  ['the quick profile', { profile: 'quick' }],
  ['the smoke profile', { profile: 'smoke' }],
  ['JPEG-sourced images', { dataset: { ...cifar10, form: 'folders-jpeg' } }],
  ['procedural images', { dataset: { ...cifar10, id: { ...cifar10.id, name: 'procedural' } } }],
  ['a part of CIFAR-10', { dataset: { ...cifar10, train: { ...cifar10.train, count: 5_000 } } }],
])('%s reproduces and contradicts nothing, and still says what was seen', (_, scale) => {
  const good = judged('true-labels-first', runs([1, 2, 3]), scale);
  const bad = judged('true-labels-first', runs([1, 2, 3], { 'true-labels': 20_000 }), scale);

  expect(good).toMatchObject({ kind: 'not judged at this scale', agrees: true });
  expect(bad).toMatchObject({ kind: 'not judged at this scale', agrees: false });
});

test('curves of another model are not judged as those of Inception', () => {
  const mlp = runs([1]).map((run) => made({ condition: run.condition ?? undefined, model: 'mlp-1x512' }));

  expect(judged('all-fitted', mlp)?.kind).toBe('not run');
});
