import { expect, test } from 'vitest';
import type { TableRun } from '../../activities/contract.ts';
import { createDrawFigure } from '../../activities/draw-figure.ts';
import { planRun } from '../../activities/identity/run-id.ts';
import { createJudge } from '../../activities/judge.ts';
import { parseOptions } from '../../activities/read-options.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import { createWriteTable } from '../../activities/write-table.ts';
import { table1Grid } from '../../workflows/table-1.ts';
import { table4Grid } from '../../workflows/table-4.ts';
import { environment } from './environment.ts';
import { cifar10, made } from './verdicts/synthetic.ts';

/** Every run of a grid, ended as `made` makes them. */
async function setting(grid: ReturnType<typeof table1Grid>) {
  const store = createMemoryStore();
  const runs = await Promise.all(
    grid.map(async ({ place, run }): Promise<TableRun> => {
      const planned = planRun(cifar10.id, run);
      const curve = await store.putIfAbsent(
        `curves/${planned.id}.csv`,
        Buffer.from('step,loss\n1,2.5\n2,1\n3,0.1\n'),
      );
      const { outcome } = made({ model: run.trajectory.model, seed: run.trajectory.seed, curve });
      return { ...place, planned, outcome, failure: null };
    }),
  );
  const deps = { store, environment, now: () => new Date('2026-01-01T00:00:00Z') };
  return {
    store,
    runs,
    draw: createDrawFigure(deps),
    write: createWriteTable(deps),
    judge: createJudge(deps),
  };
}

const paper = { profile: 'paper', dataset: cifar10 } as const;
const rest = { workflow: 'reproduceTable4', input: {}, figures: [], tables: [], stored: 0 };

test('Table 1 has a line a row, with ours, the published number and the difference', async () => {
  const grid = table1Grid(parseOptions('reproduceTable1', { profile: 'paper', models: ['mlp-1x512'] }));
  const { store, runs, write } = await setting(grid);

  const { markdown, csv, folder } = await write({ table: '1', ...paper, runs });

  const text = String(await store.get(markdown));
  expect(text).toContain(
    '| MLP 1x512 | random | no | no | 100.00 | 99.34 | +0.66 | 50.00 | 10.61 | +39.39 | not judged at this scale |',
  );
  expect(text).toContain('λ = 0.0005');
  expect(String(await store.get(csv))).toContain(
    'mlp-1x512.true-labels,mlp-1x512,true,false,false,100,,1,100,0,50,,1,50.51,-0.51,reproduced,not judged',
  );
  expect(folder).toMatch(/^tables\/1\/[0-9a-f]{20}$/);
});

test('a row whose training diverged says so, and why stands below the table', async () => {
  const grid = table1Grid(parseOptions('reproduceTable1', { profile: 'paper', models: ['mlp-1x512'] }));
  const { store, runs, write } = await setting(grid);
  const failure = { type: 'LossNotFinite', message: 'The loss is NaN at step 7.' };
  const diverged = runs.map((run, i) => (i === 0 ? { ...run, outcome: null, failure } : run));

  const { markdown } = await write({ table: '1', ...paper, runs: diverged });

  const text = String(await store.get(markdown));
  expect(text).toContain(
    '| MLP 1x512 | true | no | yes | diverged | 99.80 | – | diverged | 50.39 | – | off |',
  );
  expect(text).toContain('mlp-1x512.true-labels.weight-decay, seed 1: The loss is NaN at step 7.');
});

test('two seeds have a spread', async () => {
  const asked = { profile: 'paper', models: ['mlp-1x512'], seeds: [1, 2] };
  const { store, runs, write } = await setting(table1Grid(parseOptions('reproduceTable1', asked)));

  const { markdown } = await write({ table: '1', ...paper, runs });

  expect(String(await store.get(markdown))).toContain('| 50.00 ± 0.00 | 10.61 |');
});

const atChance = (run: TableRun): TableRun => ({
  ...run,
  outcome: run.outcome && {
    ...run.outcome,
    loss: { mean: 2.3, window: 391 },
    train: { correct: 5_000, images: 50_000 },
  },
});
const alexnet = (seeds: number[]) =>
  table4Grid(parseOptions('reproduceTable4', { profile: 'paper', models: ['alexnet'], seeds }));

test.each([
  ['none of them', () => false, [1, 2, 3], 'depends on an open choice', false],
  ['one of them', (run: TableRun) => decayOf(run) === 0.004, [1, 2, 3], 'depends on an open choice', true],
  ['all of them', () => true, [1, 2, 3], 'reproduced', true],
  ['all of them, in one seed', () => true, [1], 'not judged at this scale', true],
] as const)('AlexNet that fails to converge with %s', async (_, fails, seeds, kind, agrees) => {
  const { runs, judge } = await setting(alexnet([...seeds]));
  const ended = runs.map((run) => (fails(run) ? atChance(run) : run));

  const { verdicts } = await judge({ artifact: 'table-4', ...rest, ...paper, runs: ended });

  expect(verdicts).toMatchObject([{ claim: 'table-4.alexnet.weight-decay', kind, agrees }]);
});

test('a loss that its penalty holds at ln 10 is no failure to converge', async () => {
  const { runs, judge } = await setting(alexnet([1, 2, 3]));
  const penalised = runs.map((run) => ({
    ...run,
    outcome: run.outcome && { ...run.outcome, loss: { mean: Math.log(10), window: 391 } },
  }));

  const { verdicts } = await judge({ artifact: 'table-4', ...rest, ...paper, runs: penalised });

  expect(verdicts[0]).toMatchObject({ kind: 'depends on an open choice', agrees: false });
  expect(verdicts[0].measured).not.toContain('failed to converge');
});

test('divergence is not a failure to converge', async () => {
  const { runs, judge } = await setting(alexnet([1, 2, 3]));
  const failure = { type: 'LossNotFinite', message: 'The loss is NaN.' };
  const diverged = runs.map((run) => ({ ...run, outcome: null, failure }));

  const { verdicts } = await judge({ artifact: 'table-4', ...rest, ...paper, runs: diverged });

  expect(verdicts[0]).toMatchObject({ kind: 'depends on an open choice', agrees: false });
});

const decayOf = ({ planned }: TableRun) => planned.run.trajectory.optimizer.weightDecay;

test('rows that augment are held to the accuracy on augmented images, and without it they are missing', async () => {
  const grid = table4Grid(parseOptions('reproduceTable4', { profile: 'paper', models: ['inception'] }));
  const { runs, judge } = await setting(grid);
  const augmented = runs.map((run) =>
    run.row === 'inception.crop' && run.outcome
      ? { ...run, outcome: { ...run.outcome, augmented: { correct: 49_965, images: 50_000 } } }
      : run,
  );

  const { verdicts } = await judge({ artifact: 'table-4', ...rest, ...paper, runs: augmented });

  expect(verdicts).toMatchObject([
    { claim: 'table-4.inception.weight-decay', kind: 'reproduced' },
    { claim: 'table-4.inception.crop', kind: 'reproduced', measured: expect.stringContaining('99.93 %') },
    { claim: 'table-4.inception.augmentation', kind: 'not run', reason: expect.stringContaining('without') },
  ]);
});

test('the curves of a table are drawn, one panel a row', async () => {
  const grid = table1Grid(parseOptions('reproduceTable1', { profile: 'paper' }));
  const { store, runs, draw } = await setting(grid);

  const { spec, csv } = await draw({ figure: 'table-1', ...paper, runs });

  expect(JSON.parse(String(await store.get(spec))).concat).toHaveLength(19);
  expect(String(await store.get(csv))).toContain('inception.true-labels.crop.weight-decay,');
});
