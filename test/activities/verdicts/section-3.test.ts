import { expect, test } from 'vitest';
import type { TableRun } from '../../../activities/contract.ts';
import { judgeSection3 } from '../../../activities/verdicts/section-3.ts';
import { cifar10, type Made, made } from './synthetic.ts';

const row = (name: string, accuracy: number, changes: Made = {}): TableRun => ({
  ...made({ model: 'alexnet', level: 0, testErrorPercent: 100 - accuracy, ...changes }),
  row: `alexnet.true-labels${name}`,
});

function judged(claim: string, runs: TableRun[]) {
  const verdicts = judgeSection3({ profile: 'paper', dataset: cifar10, runs });
  return verdicts.find((verdict) => verdict.claim === claim);
}

const seeds = (crop: number[], plain: number[]) => [
  ...crop.map((accuracy, index) => row('.crop', accuracy, { seed: index + 1 })),
  ...plain.map((accuracy, index) => row('', accuracy, { seed: index + 1 })),
];

test('crops that help in three seeds, all above all without, are reproduced', () => {
  expect(judged('table-1.crop-helps.alexnet', seeds([79, 80, 81], [75, 76, 77]))).toMatchObject({
    kind: 'reproduced',
    measured: '+4.00, +4.00, +4.00 points, seed by seed.',
  });
});

test('seeds that overlap decide nothing, one seed neither', () => {
  const overlapping = judged('table-1.crop-helps.alexnet', seeds([77, 80, 81], [75, 76, 78]));
  const single = judged('table-1.crop-helps.alexnet', seeds([79], [75]));

  expect(overlapping).toMatchObject({
    kind: 'not judged at this scale',
    reason: 'It holds within each seed, but seeds with and without it overlap.',
  });
  expect(single).toMatchObject({ reason: 'It holds in 1 seed; 3 are needed.', agrees: true });
});

test('how crops are drawn is open: three seeds against the claim do not contradict it', () => {
  expect(judged('table-1.crop-helps.alexnet', seeds([70, 71, 72], [75, 76, 77]))).toMatchObject({
    kind: 'depends on an open choice',
    agrees: false,
  });
});

test('what is kept without regularisers is counted above guessing', () => {
  // (70 − 10) / (85 − 10)
  expect(judged('table-1.generalises-without-regularisers.alexnet', seeds([85], [70]))).toMatchObject({
    measured: 'Keeps 0.80, seed by seed.',
    agrees: false,
  });
});

test('a plain training that diverged is no gain of the other and keeps nothing', () => {
  const runs = [row('.crop', 80), row('', 0, { failure: 'LossNotFinite' })];

  expect(judged('table-1.crop-helps.alexnet', runs)).toMatchObject({
    agrees: null,
    reason: 'A training that it is compared with diverged.',
  });
  expect(judged('table-1.generalises-without-regularisers.alexnet', runs)).toMatchObject({ agrees: false });
});

test('the strict claim names every row with an error', () => {
  const runs = [row('.crop', 80), row('', 75, { trainErrors: 90 })];

  expect(judged('table-1.no-training-error', runs)).toMatchObject({
    kind: 'not judged at this scale',
    agrees: false,
    measured: 'Errors in 1 of 2 rows, seed by seed: alexnet.true-labels: 90.',
  });
});

test('weight decay lowers MLP 1x512 in the paper too: nobody claims that it helps there', () => {
  const run = { ...made({ model: 'mlp-1x512', level: 0 }), row: 'mlp-1x512.true-labels' };

  expect(judged('table-1.weight-decay-helps.mlp-1x512', [run])).toBeUndefined();
});
