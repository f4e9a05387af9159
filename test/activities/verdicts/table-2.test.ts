import { expect, test } from 'vitest';
import { table2 } from '../../../activities/tables/table-2.ts';
import { TABLE_2, table2RowName } from '../../../activities/verdicts/ledger/table-2.ts';
import { LEDGER } from '../../../activities/verdicts/ledger.ts';
import { judgeTable2 } from '../../../activities/verdicts/table-2.ts';
import { type Ended, imagenet, table2Runs } from './imagenet.ts';

const paper = { profile: 'paper' as const, dataset: imagenet };

/** Every row as the paper prints it, with so many points more on test images. */
const asPrinted =
  (shift: (row: string, seed: number) => number = () => 0) =>
  (name: string, seed: number): Ended => {
    const row = TABLE_2.find((one) => table2RowName(one) === name)!;
    const test = Number(row.test.top1) + shift(name, seed);
    const best = row.best ? Number(row.best.top1) + shift(name, seed) : test;
    return { train: Number(row.train.top1), test, along: [test / 2, best, test] };
  };

/** Seeds differ by a tenth of a point. */
const scattered = (_: string, seed: number) => (seed - 2) / 10;

const judged = (endOf: (row: string, seed: number) => Ended, seeds = [1, 2, 3]) => {
  const { runs, looks } = table2Runs(endOf, seeds);
  return judgeTable2({ ...paper, runs }, looks);
};
const kindOf = (verdicts: ReturnType<typeof judged>, claim: string) =>
  verdicts.find((verdict) => verdict.claim === claim)?.kind;

test('every record of the ledger about Table 2 and Figure 2a gets its verdict when all rows were run', () => {
  const records = LEDGER.filter(({ artifact }) => artifact === 'table-2').map(({ id }) => id);
  expect(new Set(judged(asPrinted()).map(({ claim }) => claim))).toEqual(new Set(records));
});

test('numbers as printed reproduce the cells, the drop and the order; those of other rows do not', () => {
  const same = judged(asPrinted(scattered));
  for (const claim of [
    'table-2.true-labels.test.top-1',
    'table-2.true-labels.best.top-1',
    'table-2.drop-without-regularizers',
    'table-2.augmentation-beats-weight-decay',
    'table-2.random-labels-with-regularizers',
    'figure-2a.early-stopping-gains',
  ]) {
    expect([claim, kindOf(same, claim)]).toEqual([claim, 'reproduced']);
  }

  const lower = judged(asPrinted((row, seed) => scattered(row, seed) - (row === 'true-labels' ? 0 : 10)));
  expect(kindOf(lower, 'table-2.true-labels.augmentation.test.top-1')).toBe('off');
  expect(kindOf(lower, 'table-2.drop-without-regularizers')).toBe('off');
});

test('one seed reproduces neither the drop nor an order', () => {
  const one = judged(asPrinted(), [1]);
  expect(kindOf(one, 'table-2.drop-without-regularizers')).toBe('not judged at this scale');
  expect(kindOf(one, 'table-2.augmentation-beats-weight-decay')).toBe('not judged at this scale');
});

test('random labels that are not fitted speak against the claim, and a training that never fell off against the gain', () => {
  const verdicts = judged((row, seed) => {
    const ended = asPrinted()(row, seed);
    return { ...ended, train: row.startsWith('random') ? 40 : ended.train, along: [ended.test] };
  });
  const of = (claim: string) => verdicts.find((verdict) => verdict.claim === claim);
  expect(of('table-2.random-labels-with-regularizers')).toMatchObject({
    kind: 'depends on an open choice',
    agrees: false,
  });
  expect(of('figure-2a.early-stopping-gains')).toMatchObject({ agrees: false });
});

test('images of another data set are shown and not judged', () => {
  const { runs, looks } = table2Runs(asPrinted(scattered), [1, 2, 3]);
  const fewer = { ...imagenet, train: { ...imagenet.train, count: 320 } };
  const kinds = judgeTable2({ ...paper, dataset: fewer, runs }, looks).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['not judged at this scale']));
});

test('the table has the best test accuracy along the training in brackets, ours and the published one', () => {
  const { runs, looks } = table2Runs(asPrinted());
  const { markdown, csv } = table2({ ...paper, runs }, looks);
  expect(markdown).toContain(
    '| true | no | no | no | 99.53 | 99.53 | 104.53 | 100.0 | 59.80 (63.16) | 59.80 (63.16) | 64.80 (68.16) | 80.38 (84.49) |',
  );
  expect(markdown).toContain('| 77.84 (77.84) | 77.84 |');
  expect(csv.split('\n')[0]).toContain('best_test_top_1,best_test_top_1_deviation');
});
