import { expect, test } from 'vitest';
import { parseOptions } from '../../activities/read-options.ts';
import { figure1Grid } from '../../workflows/figure-1.ts';

const grid = (input: object) => figure1Grid(parseOptions('reproduceFigure1', input));

test('quick has twelve runs', () => {
  // a: 5 of inception; b and c: 0, 0.5, 1 for three models, of which inception's 0 and 1 are a's true and random labels
  expect(grid({})).toHaveLength(5 + 9 - 2);
});

test('a run that two panels need stands once and belongs to both', () => {
  const random = grid({}).filter(
    ({ run }) => run.trajectory.model === 'inception' && run.trajectory.corruption.labels === 1,
  );
  expect(random).toMatchObject([{ place: { condition: 'random-labels', corruptionLevel: 1 } }]);
});

test('paper has eleven levels of three models and three more conditions', () => {
  expect(grid({ profile: 'paper' })).toHaveLength(33 + 3);
});

test('one cell of the paper can be asked for alone', () => {
  const cells = grid({ profile: 'paper', panels: ['c'], models: ['mlp-1x512'], corruptionLevels: [1] });
  expect(cells).toMatchObject([
    {
      place: { condition: null, corruptionLevel: 1 },
      run: {
        trajectory: {
          model: 'mlp-1x512',
          trainImages: null,
          batchSize: 64,
          corruption: { labels: 1, pixels: 'intact' },
        },
        stop: { steps: 62_560, when: null },
      },
    },
  ]);
});

test('the hyper-parameters are the same under every corruption', () => {
  const runs = grid({ models: ['inception'] });
  const settings = runs.map(
    ({
      run: {
        trajectory: { corruption: _, ...rest },
        stop,
      },
    }) => JSON.stringify({ rest, stop }),
  );
  expect(new Set(settings).size).toBe(1);
});

test('the learning rate decays by the paper’s epoch at every scale', () => {
  for (const profile of ['smoke', 'quick', 'paper']) {
    const [inception] = grid({ profile, models: ['inception'] });
    const [mlp] = grid({ profile, models: ['mlp-1x512'] });
    expect(inception.run.trajectory.decay).toEqual({ factor: 0.95, everySteps: 391 });
    expect(mlp.run.trajectory.decay).toEqual({ factor: 0.95, everySteps: 782 });
  }
});

test('every seed has the whole grid, with its own corruption', () => {
  const runs = grid({ seeds: [1, 2] });
  expect(runs).toHaveLength(24);
  expect(runs.every(({ run }) => run.trajectory.corruption.seed === run.trajectory.seed)).toBe(true);
});
