import { expect, test } from 'vitest';
import { planRun } from '../../activities/identity/run-id.ts';
import { parseOptions } from '../../activities/read-options.ts';
import { figure1Grid } from '../../workflows/figure-1.ts';
import { table1Grid } from '../../workflows/table-1.ts';
import { table2Grid } from '../../workflows/table-2.ts';
import { table4Grid } from '../../workflows/table-4.ts';

const dataset = { name: 'cifar10', sha256: '0'.repeat(64) } as const;
const ids = (grid: { run: Parameters<typeof planRun>[1] }[]) =>
  grid.map(({ run }) => planRun(dataset, run).id);

test('Table 1 has 19 rows a seed', () => {
  expect(table1Grid(parseOptions('reproduceTable1', {}))).toHaveLength(19);
  expect(table1Grid(parseOptions('reproduceTable1', { seeds: [1, 2] }))).toHaveLength(38);
});

test.each(['quick', 'paper'])(
  'at the %s profile Figure 1 has trained six rows of Table 1 already',
  (profile) => {
    const figure = new Set(ids(figure1Grid(parseOptions('reproduceFigure1', { profile }))));
    const shared = table1Grid(parseOptions('reproduceTable1', { profile })).filter(({ run }) =>
      figure.has(planRun(dataset, run).id),
    );
    // true and random labels of Inception, AlexNet and MLP 1x512
    expect(shared.map(({ place }) => place.row)).toEqual([
      'inception.true-labels',
      'inception.random-labels',
      'alexnet.true-labels',
      'alexnet.random-labels',
      'mlp-1x512.true-labels',
      'mlp-1x512.random-labels',
    ]);
  },
);

test('weight decay has the coefficient that is asked for, and is off elsewhere', () => {
  const grid = table1Grid(parseOptions('reproduceTable1', { weightDecay: 0.001, models: ['mlp-1x512'] }));
  expect(grid.map(({ run }) => run.trajectory.optimizer.weightDecay)).toEqual([0.001, 0, 0]);
});

test('AlexNet is trained with three coefficients in Table 4, and with a fourth that is asked for', () => {
  const decays = (input: object) =>
    table4Grid(parseOptions('reproduceTable4', { models: ['alexnet'], ...input })).map(
      ({ run: { trajectory } }) => [trajectory.optimizer.weightDecay, trajectory.optimizer.decayed],
    );
  expect(decays({})).toEqual([
    [5e-5, 'kernels'],
    [5e-4, 'kernels'],
    [0.004, 'dense-kernels'],
  ]);
  expect(decays({ weightDecay: 0.002 })).toHaveLength(4);
});

test('rows of Table 4 that augment decay by 0.999 an epoch, over 400 epochs at the paper’s scale', () => {
  const grid = table4Grid(parseOptions('reproduceTable4', { profile: 'paper', models: ['inception'] }));
  expect(grid.map(({ run }) => [run.trajectory.decay.factor, run.stop.steps])).toEqual([
    [0.95, 25_000],
    [0.999, 156_400],
    [0.999, 156_400],
  ]);
  expect(grid.every(({ run }) => run.trajectory.corruption.labels === 1)).toBe(true);
});

test('Table 2 has seven rows, three of them on random labels', () => {
  const grid = table2Grid(parseOptions('reproduceTable2', {}));
  expect(grid).toHaveLength(7);
  expect(grid.filter(({ run }) => run.trajectory.corruption.labels === 1)).toHaveLength(3);
  expect(new Set(ids(grid)).size).toBe(7);
});
