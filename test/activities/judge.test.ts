import { expect, test } from 'vitest';
import { createJudge } from '../../activities/judge.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import { environment } from './environment.ts';
import { cifar10, made } from './verdicts/synthetic.ts';

const setting = (time = '2026-01-01T00:00:00Z') => {
  const store = createMemoryStore();
  return { store, judge: createJudge({ store, environment, now: () => new Date(time) }) };
};

const runs = [
  made({ condition: 'true-labels', level: 0, fitted: 4_000, testErrorPercent: 14 }),
  made({ condition: 'random-labels', level: 1, fitted: 16_000, testErrorPercent: 90 }),
];
const request = {
  artifact: 'figure-1' as const,
  workflow: 'reproduceFigure1',
  input: {},
  figures: [],
  tables: [],
  stored: 1,
  profile: 'paper' as const,
  dataset: cifar10,
  runs,
  panels: ['a', 'b', 'c'] as ('a' | 'b' | 'c')[],
};

test('verdicts are written for programs and for people, and `latest` points at them', async () => {
  const { store, judge } = setting();

  const { verdicts, verdictsJson: json, verdictsMarkdown: markdown, trainings } = await judge(request);

  expect(trainings).toEqual({ needed: 2, stored: 1, failed: 0 });
  const written = JSON.parse(String(await store.get(json)));
  expect(written.verdicts).toEqual(verdicts);
  expect(written).toMatchObject({ profile: 'paper', dataset: { name: 'cifar10', form: 'binary' } });
  const text = String(await store.get(markdown));
  expect(text).toContain('| table-1.inception.random-labels.test | 9.78 % | 10.00 %');
  const folder = json.key.replace('/verdicts.json', '');
  expect(folder).toMatch(/^verdicts\/figure-1\/[0-9a-f]{20}$/);
  expect(JSON.parse(String((await store.read('verdicts/figure-1/latest'))?.bytes))).toEqual({ folder });
});

test('Figure 1 that was trained with regularisers is shown, stamped and never judged', async () => {
  const regularised = runs.map((run) => {
    const { trajectory } = run.planned.run;
    const decayed = {
      ...trajectory,
      optimizer: { ...trajectory.optimizer, weightDecay: 5e-4 },
      dropout: 0.5,
    };
    return { ...run, planned: { ...run.planned, run: { ...run.planned.run, trajectory: decayed } } };
  });

  const plain = await setting().judge(request);
  const { verdicts, stamp } = await setting().judge({ ...request, runs: regularised });

  expect(plain.verdicts.map(({ kind }) => kind)).toContain('reproduced');
  const kinds = verdicts.map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['not judged at this scale', 'not run']));
  expect(verdicts.map(({ reason }) => reason)).toContain(
    "Trained with weight decay 0.0005, dropout 0.5; the paper's figure is without.",
  );
  expect(stamp).toContain('with weight decay 0.0005, dropout 0.5');
});

test('the same runs judged elsewhere and later give the same bytes', async () => {
  const first = await setting().judge(request);
  const second = await setting('2027-01-01T00:00:00Z').judge(request);

  expect(second).toEqual(first);
});

test('every claim has one verdict, whatever was run', async () => {
  const { verdicts } = await setting().judge(request);

  const claims = verdicts.map(({ claim }) => claim);
  expect(new Set(claims).size).toBe(claims.length);
  expect(claims).toEqual([
    'figure-1a.all-fitted',
    'figure-1a.true-labels-first',
    'figure-1a.noise-before-random-labels',
    'figure-1a.shuffled-pixels-close',
    'figure-1b.small-factor.inception',
    'figure-1c.error-rises.inception',
    'figure-1c.chance.inception',
    'figure-1c.no-training-error.inception',
    'table-1.inception.true-labels.train',
    'table-1.inception.true-labels.test',
    'table-1.inception.random-labels.train',
    'table-1.inception.random-labels.test',
  ]);
});

test('of panels that were not asked for, the claims of the three models of the figure are "not run"', async () => {
  const panelA = made({ condition: 'gaussian' });

  const { verdicts } = await setting().judge({ ...request, panels: ['a'], runs: [panelA] });

  const ofPanelB = verdicts.filter(({ claim }) => claim.startsWith('figure-1b'));
  expect(ofPanelB.map(({ claim, kind, reason }) => [claim, kind, reason])).toEqual([
    ['figure-1b.small-factor.inception', 'not run', 'Panel b was not asked for.'],
    ['figure-1b.small-factor.alexnet', 'not run', 'Panel b was not asked for.'],
    ['figure-1b.small-factor.mlp-1x512', 'not run', 'Panel b was not asked for.'],
  ]);
});
