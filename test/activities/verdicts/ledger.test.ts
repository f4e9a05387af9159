import { expect, test } from 'vitest';
import { WORKFLOW_OPTIONS } from '../../../activities/contract.ts';
import { judgeFigure1 } from '../../../activities/verdicts/figure-1.ts';
import { PAPER_ARTIFACTS } from '../../../activities/verdicts/ledger/artifacts.ts';
import { PAPER_CLAIMS } from '../../../activities/verdicts/ledger/paper-claims.ts';
import { LEDGER } from '../../../activities/verdicts/ledger.ts';
import { TABLE_1 } from '../../../activities/verdicts/table-1.ts';
import { cifar10, made } from './synthetic.ts';

/** The paper's tables, number by number in reading order, typed a second time. */
const PUBLISHED = {
  'table-1.': `100.0 89.05 100.0 89.31 100.0 86.03 100.0 85.75 100.0 9.78
    100.0 83.00 100.0 82.00 100.0 10.12
    99.90 81.22 99.82 79.66 100.0 77.36 100.0 76.07 99.82 9.86
    100.0 53.35 100.0 52.39 100.0 10.48 99.80 50.39 100.0 50.51 99.34 10.61`,
  'table-2.': `92.18 99.21 77.84 93.92 92.33 99.17 72.95 90.43
    90.60 100.0 67.18 86.44 72.57 91.31 99.53 100.0 59.80 80.38 63.16 84.49
    91.18 97.95 0.09 0.49 87.81 96.15 0.12 0.50 95.20 99.14 0.11 0.56`,
  'table-3.': '1.2 0.6 46 17 15',
  'table-4.': '100 100 99.21 99.93 99.28',
};

const percentsOf = (table: string) =>
  LEDGER.filter(({ id }) => id.startsWith(table)).flatMap(
    ({ published }) => /^([\d.]+) %$/.exec(published ?? '')?.[1] ?? [],
  );

test.each(Object.entries(PUBLISHED))(
  '%s every published number is there, once, in its place',
  (table, numbers) => {
    expect(percentsOf(table)).toEqual(numbers.split(/\s+/));
  },
);

test('the tables have 38, 32, 5 and 5 numbers, and one failure to converge', () => {
  expect(Object.keys(PUBLISHED).map((table) => percentsOf(table).length)).toEqual([38, 32, 5, 5]);
  const failures = LEDGER.filter(({ published }) => published === 'failed to converge');
  expect(failures.map(({ id }) => id)).toEqual(['table-4.alexnet.weight-decay']);
});

test('no record stands twice', () => {
  const ids = LEDGER.map(({ id }) => id);

  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('every record says what agreement is, who judges it, and at which scale', () => {
  const empty = LEDGER.filter(
    ({ says, where, measure, tolerance, judgedAt, seeds }) =>
      [says, where, measure, tolerance].includes('') || judgedAt.length === 0 || seeds < 1,
  );

  expect(empty).toEqual([]);
});

test('claims A to D each have evidence', () => {
  const evidence = PAPER_CLAIMS.map(({ name }) => LEDGER.filter(({ supports }) => supports === name).length);

  expect(evidence.every((count) => count > 0)).toBe(true);
});

test('the cells that Figure 1 passes through are the same records, with the same numbers', () => {
  const cells = LEDGER.filter(({ id }) => /^table-1\.[^.]+\.(true|random)-labels\.(train|test)$/.test(id));

  const numbers = Object.values(TABLE_1).flatMap(({ trueLabels, randomLabels }) =>
    [trueLabels, randomLabels].flatMap(({ train, test }) => [train, test]),
  );
  expect(cells.map(({ published }) => Number.parseFloat(published ?? ''))).toEqual(numbers);
});

test('whatever Figure 1 judges of its own models is in the ledger', () => {
  const runs = (['inception', 'alexnet', 'mlp-1x512'] as const).flatMap((model) => [
    made({ model, level: 0 }),
    made({ model, level: 1 }),
  ]);

  const verdicts = judgeFigure1({ profile: 'paper', dataset: cifar10, runs, panels: ['a', 'b', 'c'] });

  const known = LEDGER.map(({ id }) => id);
  expect(verdicts.map(({ claim }) => claim).filter((claim) => !known.includes(claim))).toEqual([]);
});

test('every workflow of a figure or table has its place in the paper’s order', () => {
  const placed = PAPER_ARTIFACTS.map(({ workflow }) => workflow);

  const workflows = Object.keys(WORKFLOW_OPTIONS).filter((name) =>
    /^(reproduce(Figure|Table)|verify)/.test(name),
  );
  expect(workflows.filter((name) => !placed.includes(name))).toEqual([]);
});
