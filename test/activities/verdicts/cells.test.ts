import { expect, test } from 'vitest';
import type { FigureRun } from '../../../activities/contract.ts';
import { judgeCells } from '../../../activities/verdicts/cells.ts';
import { cifar10, made } from './synthetic.ts';

function judged(cell: string, runs: FigureRun[], changes: object = {}) {
  const request = { profile: 'paper' as const, dataset: cifar10, panels: ['c' as const], runs, ...changes };
  const verdicts = judgeCells(request, ['mlp-1x512']);
  return verdicts.find(({ claim }) => claim === `table-1.mlp-1x512.${cell}`);
}

const trueLabels = (...accuracies: number[]) =>
  accuracies.map((accuracy, index) =>
    made({ model: 'mlp-1x512', level: 0, seed: index + 1, testErrorPercent: 100 - accuracy }),
  );

test('a number equal as printed is reproduced, also by one seed', () => {
  expect(judged('true-labels.test', trueLabels(50.51))).toMatchObject({
    kind: 'reproduced',
    published: '50.51 %',
    reason: 'Equal as printed.',
  });
  expect(judged('true-labels.train', trueLabels(50))).toMatchObject({
    kind: 'reproduced',
    published: '100.0 %',
  });
});

test('one seed next to the number has a difference of unknown spread', () => {
  // Wilson's interval of 5,026 of 10,000 is 49.28 to 51.24.
  expect(judged('true-labels.test', trueLabels(50.26))).toMatchObject({
    kind: 'not judged at this scale',
    agrees: true,
    measured: '50.26 % (95 % interval 49.28–51.24, one seed)',
    reason: 'Difference −0.25 points, spread unknown: one seed.',
  });
});

test('three seeds around the number reproduce it: the published one is a draw like ours', () => {
  // mean 50.4, sd 0.2, t(0.975; 2) = 4.3027, √(4/3) = 1.1547: 0.9937, and 0.005 of rounding
  expect(judged('true-labels.test', trueLabels(50.2, 50.4, 50.6))).toMatchObject({
    kind: 'reproduced',
    measured: '50.40 ± 0.20 % (mean ± sd, 3 seeds)',
    reason: 'Difference −0.11 points; the prediction interval of 3 seeds is ±1.00.',
  });
});

test('three seeds that agree on another number are off by the difference', () => {
  expect(judged('true-labels.test', trueLabels(46.2, 46.4, 46.6))).toMatchObject({
    kind: 'off',
    agrees: false,
    reason: 'Off by −4.11 points; the prediction interval of 3 seeds is ±1.00.',
  });
});

test('two seeds far apart would agree with anything, and therefore decide nothing', () => {
  expect(judged('true-labels.test', trueLabels(49, 52))).toMatchObject({
    kind: 'not judged at this scale',
    agrees: true,
  });
});

test('a diverged training is off, and told apart from a cancelled one, which is "not run"', () => {
  const diverged = made({ model: 'mlp-1x512', level: 1, failure: 'LossNotFinite' });
  const cancelled = made({ model: 'mlp-1x512', level: 1, failure: 'TrainingCancelled' });

  expect(judged('random-labels.test', [diverged])).toMatchObject({
    kind: 'off',
    agrees: false,
    measured: '1 of 1 training diverged',
  });
  expect(judged('random-labels.test', [cancelled])).toMatchObject({ kind: 'not run', agrees: null });
});

test('a smaller profile neither judges a number nor compares with it', () => {
  expect(judged('true-labels.test', trueLabels(50.51), { profile: 'quick' })).toMatchObject({
    kind: 'not judged at this scale',
    agrees: null,
  });
});

test('JPEG-sourced images show a number and the comparison, and reproduce nothing', () => {
  const dataset = { ...cifar10, form: 'folders-jpeg' };

  expect(judged('true-labels.test', trueLabels(50.51), { dataset })).toMatchObject({
    kind: 'not judged at this scale',
    agrees: true,
  });
});

test('cells without a run are left to their table', () => {
  expect(judged('random-labels.test', trueLabels(50.51))).toBeUndefined();
});
