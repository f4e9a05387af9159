import { expect, test } from 'vitest';
import { parseOptions } from '../../activities/read-options.ts';
import { figure1Grid } from '../../workflows/figure-1.ts';
import { figure2Grid } from '../../workflows/figure-2.ts';

const grid = (input: object) => figure2Grid(parseOptions('reproduceFigure2', input)).map(({ run }) => run);

test.each([
  ['smoke', 60],
  ['quick', 100],
  ['paper', 25_000],
] as const)(
  'at the %s profile both networks run %i steps, and not only until they interpolate',
  (profile, steps) => {
    const runs = grid({ profile });

    expect(runs.map(({ trajectory }) => trajectory.model)).toEqual([
      'inception',
      'inception-without-batch-norm',
    ]);
    expect(runs.map(({ stop }) => stop)).toEqual([
      { steps, when: null, patience: null },
      { steps, when: null, patience: null },
    ]);
  },
);

test.each(['quick', 'paper'])(
  'Figure 1 at the %s profile has trained the network with batch norm already',
  (profile) => {
    const input = { profile, panels: ['a'], conditions: ['true-labels'] };
    const [{ run }] = figure1Grid(parseOptions('reproduceFigure1', input));

    expect(grid({ profile })[0]).toEqual(run);
  },
);

test('the two differ in the model and its learning rate, and in nothing else', () => {
  const [one, other] = grid({}).map(({ trajectory: { model: _, optimizer, ...rest }, stop }) => ({
    optimizer: { ...optimizer, learningRate: 0 },
    rest,
    stop,
  }));

  expect(one).toEqual(other);
  expect(grid({}).map(({ trajectory }) => trajectory.optimizer.learningRate)).toEqual([0.1, 0.003]);
});

test('every seed has both', () => {
  expect(grid({ seeds: [1, 2, 3] }).map(({ trajectory }) => trajectory.seed)).toEqual([1, 1, 2, 2, 3, 3]);
});
