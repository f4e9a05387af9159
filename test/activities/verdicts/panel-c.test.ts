import { expect, test } from 'vitest';
import type { FigureRun } from '../../../activities/contract.ts';
import { judgePanelC } from '../../../activities/verdicts/panel-c.ts';
import { cifar10, made } from './synthetic.ts';

function judged(claim: string, runs: FigureRun[], changes: object = {}) {
  const request = { profile: 'paper' as const, dataset: cifar10, panels: ['c' as const], runs, ...changes };
  return judgePanelC(request, ['inception']).find((verdict) =>
    verdict.claim.startsWith(`figure-1c.${claim}.`),
  );
}

/** Test errors in per cent at corruption 0, 0.5 and 1, seed by seed. */
const rising = (...seeds: number[][]) =>
  seeds.flatMap((errors, index) =>
    errors.map((testErrorPercent, place) => made({ level: place / 2, seed: index + 1, testErrorPercent })),
  );

const random = (...errors: number[]) =>
  errors.map((testErrorPercent, index) => made({ level: 1, seed: index + 1, testErrorPercent }));

test('a test error that rises in three seeds reproduces the claim', () => {
  expect(judged('error-rises', rising([15, 52, 90], [14, 53, 90], [15, 51, 90]))).toMatchObject({
    kind: 'reproduced',
    measured: '14.7 → 52.0 → 90.0 % at corruption 0, 0.5, 1.',
  });
});

test('a step down by less than two standard errors (1.4 points at 50 %) is noise, by more it is not', () => {
  // √2 · √(0.5 · 0.5 / 10,000) = 0.71 points
  const grid = (dip: number) => [50, 50 - dip, 90];

  expect(judged('error-rises', rising(grid(1.2)))?.agrees).toBe(true);
  expect(judged('error-rises', rising(grid(1.7)))?.agrees).toBe(false);
});

test('a test error that falls in every one of three seeds contradicts the paper', () => {
  const falls = [90, 80, 70];

  expect(judged('error-rises', rising(falls, falls, falls))?.kind).toBe('contradicted');
});

test('two levels are too few to show a steady rise', () => {
  const ends = rising([15, 52, 90]).filter((run) => run.corruptionLevel !== 0.5);

  expect(judged('error-rises', ends)).toMatchObject({
    kind: 'not run',
    agrees: null,
    reason: 'Missing: levels of corruption (2 of at least 3).',
  });
});

test('a test error of 90.0, 90.2 and 89.9 % is chance: the interval lies within one point', () => {
  // mean 90.033, sd 0.153, t(0.95; 2) = 2.920: half-width 2.920 · 0.1528 / √3 = 0.2575
  expect(judged('chance', random(90, 90.2, 89.9))).toMatchObject({
    kind: 'reproduced',
    published: '90 % (chance)',
    measured: '90.03 ± 0.15 % (mean ± sd, 3 seeds)',
    reason: '+0.03 ± 0.26 points from chance: within ±1.',
  });
});

test('a mean at chance with a wide interval decides nothing', () => {
  // sd 1.5: half-width 2.920 · 1.5 / √3 = 2.53
  expect(judged('chance', random(88.5, 90, 91.5))).toMatchObject({
    kind: 'not judged at this scale',
    agrees: true,
    reason: '+0.00 ± 2.53 points from chance: reaches beyond ±1; more seeds decide.',
  });
});

test('three networks that guess 84 % wrong contradict chance', () => {
  expect(judged('chance', random(84, 84.1, 83.9))).toMatchObject({ kind: 'contradicted', agrees: false });
});

test('one label seed gives a difference whose spread is unknown', () => {
  expect(judged('chance', random(90.4))).toMatchObject({
    kind: 'not judged at this scale',
    measured: '90.40 %',
    reason: 'Difference +0.40 points, spread unknown; 3 label seeds are needed.',
  });
});

test('the interval is wider when more models share the five per cent', () => {
  const runs = random(90, 90.2, 89.9);
  const request = { profile: 'paper' as const, dataset: cifar10, panels: ['c' as const], runs };

  const [, , , verdict] = judgePanelC(request, ['inception', 'alexnet', 'mlp-1x512']);

  // t(1 − 0.05/3; 2) = 5.339: half-width 5.339 · 0.1528 / √3 = 0.471
  expect(verdict.reason).toBe('+0.03 ± 0.47 points from chance: within ±1.');
});

test('random pixels are no random labels: their test error is not held against chance', () => {
  const pixels = made({ condition: 'random-pixels', testErrorPercent: 83 });

  expect(judged('chance', [pixels])?.kind).toBe('not run');
});

test('random labels of panel a serve the claim on chance as well', () => {
  const condition = made({ condition: 'random-labels', testErrorPercent: 90 });

  expect(judged('chance', [condition])?.measured).toBe('90.00 %');
});

test('a diverged training has no test error, which is not the same as "not run"', () => {
  const diverged = made({ level: 1, failure: 'LossNotFinite' });

  expect(judged('chance', [diverged])).toMatchObject({
    kind: 'not judged at this scale',
    reason: 'A training diverged and has no test error.',
  });
});

test('no training error on 50,000 random labels is reproduced by one seed', () => {
  expect(judged('no-training-error', [made({ level: 1 })])).toMatchObject({
    kind: 'reproduced',
    measured: '0 errors on 50,000 images.',
  });
});

test('330 training errors are not zero, and hang on the batch size', () => {
  const runs = [1, 2, 3].map((seed) => made({ level: 1, seed, trainErrors: 330 }));

  expect(judged('no-training-error', runs)).toMatchObject({
    kind: 'depends on an open choice',
    reason: '3 of 3 seeds point the other way; open in the paper: batch size, number of epochs.',
  });
});

test('at the quick profile chance is seen with the noise of its small test set', () => {
  // A standard error of about 1.0 to 1.1 points: 89 % wrong is within 1 + 2 · 0.99 points of chance, 86 % is not
  // within 1 + 2 · 1.10.
  const quick = (wrong: number) => {
    const run = made({ level: 1 });
    if (run.outcome) run.outcome.test = { correct: 1_000 - wrong, images: 1_000 };
    return judged('chance', [run], { profile: 'quick' });
  };

  expect(quick(890)).toMatchObject({ kind: 'not judged at this scale', agrees: true });
  expect(quick(860)).toMatchObject({ kind: 'not judged at this scale', agrees: false });
});
