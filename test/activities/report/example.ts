/** A report's input made by hand: Figure 1 really drawn and judged, Table 1 in part, Table 4 failed, the rest not run. */
import type { Condition, Failed, FigureRun, Reproduction, Verdict } from '../../../activities/contract.ts';
import { createDrawFigure } from '../../../activities/draw-figure.ts';
import { createJudge } from '../../../activities/judge.ts';
import type { Environment } from '../../../activities/provenance/provenance.ts';
import { publish } from '../../../activities/provenance/publish.ts';
import { createMemoryStore } from '../../../activities/store/memory.ts';
import type { Store } from '../../../activities/store/store.ts';
import { cifar10, type Made, made } from '../verdicts/synthetic.ts';

export const environment: Environment = {
  code: { name: 'rethinking-generalization', version: '0.1.0', commit: '0123abcd' },
  node: '20.19.0',
  platform: 'linux x64',
  cpu: 'Some CPU',
  tensorflow: '2.18.0',
  device: 'cpu',
  threads: 2,
};

export const now = () => new Date('2026-01-02T03:04:05Z');

/** A text that would be markup, if anything let it through. */
export const HOSTILE = `<img src=x onerror="alert('1')"> & 'quoted'`;

/** Of the two conditions that panels b and c need as well. */
const LEVEL: Partial<Record<Condition, number>> = { 'true-labels': 0, 'random-labels': 1 };

const STEPS = 1_500;

const TIMES: Record<Condition, number> = {
  'true-labels': 4_000,
  'shuffled-pixels': 5_600,
  gaussian: 8_800,
  'random-pixels': 11_900,
  'random-labels': 16_600,
};

async function conditionRun(store: Store, condition: Condition): Promise<FigureRun> {
  const loss = (step: number) => 2.3 * Math.exp(-3 * ((16 * step) / TIMES[condition]) ** 2);
  const losses = Array.from({ length: STEPS }, (_, index) => loss(index + 1));
  const text = `step,loss\n${losses.map((value, index) => `${index + 1},${value.toFixed(4)}\n`).join('')}`;
  const curve = await store.putIfAbsent(`curves/${condition}.csv`, Buffer.from(text));
  return made({
    condition,
    level: LEVEL[condition],
    fitted: TIMES[condition],
    budget: STEPS,
    testErrorPercent: condition === 'true-labels' ? 14 : 90,
    curve,
  });
}

const GRID: Made[] = (['inception', 'alexnet', 'mlp-1x512'] as const).flatMap((model, place) =>
  (model === 'inception' ? [0.2, 0.4, 0.6, 0.8] : [0, 0.2, 0.4, 0.6, 0.8, 1]).map((level) => ({
    model,
    level,
    fitted: Math.round(4_000 * (1 + (0.8 + place / 2) * level)),
    testErrorPercent: 14 + 12 * place + (76 - 12 * place) * level,
    trainErrors: place * 30 * level,
  })),
);

async function figure1(store: Store): Promise<Reproduction> {
  const conditions: Condition[] = [
    'true-labels',
    'random-labels',
    'shuffled-pixels',
    'random-pixels',
    'gaussian',
  ];
  const ofPanelA = await Promise.all(conditions.map((condition) => conditionRun(store, condition)));
  const grid = [...ofPanelA.filter(({ corruptionLevel }) => corruptionLevel !== null), ...GRID.map(made)];
  const draw = createDrawFigure({ store, environment, now });
  const shared = { profile: 'paper', dataset: cifar10 } as const;
  const figures = await Promise.all([
    draw({ figure: '1a', ...shared, runs: ofPanelA }),
    draw({ figure: '1b', ...shared, runs: grid }),
    draw({ figure: '1c', ...shared, runs: grid }),
  ]);
  return createJudge({ store, environment, now })({
    artifact: 'figure-1',
    workflow: 'reproduceFigure1',
    input: { profile: 'paper', seeds: [1], source: "s3://o'brien/cifar-10.tar.gz" },
    ...shared,
    runs: [...new Set([...ofPanelA, ...grid])],
    panels: ['a', 'b', 'c'],
    figures,
    tables: [],
    stored: 4,
  });
}

const TABLE = `# Table 1

CIFAR-10 · paper profile · seeds 1, 2, 3 · float32

| model | random crop | weight decay | train | published | test | published | difference | verdict |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| Inception | yes | yes | 100.00 % | 100.0 % | 88.71 ± 0.21 % | 89.05 % | −0.34 | reproduced |
| Inception | yes | no | 100.00 % | 100.0 % | 87.02 ± 0.18 % | 89.31 % | −2.29 | off |
| ${HOSTILE.replace(/[<>]/g, '\\$&')} \\| b | no | no | 100.00 % | 100.0 % | 85.60 ± 0.25 % | 85.75 % | −0.15 | reproduced |
`;

const verdict = (
  claim: string,
  published: string,
  measured: string,
  kind: Verdict['kind'],
  reason: string,
): Verdict => ({
  claim,
  published,
  measured,
  kind,
  agrees: kind === 'not run' ? null : kind === 'reproduced',
  reason,
});

async function table1(store: Store): Promise<Reproduction> {
  const { folder, outputs, provenance } = await publish(store, {
    keyOf: (file) => `tables/1/0123456789abcdef0123/${file}`,
    latest: 'tables/1/latest',
    files: [
      { name: 'table-1.md', bytes: TABLE, contentType: 'text/markdown' },
      { name: 'table-1.csv', bytes: 'model,train,test\ninception,100,88.71\n', contentType: 'text/csv' },
    ],
    title: 'Table 1',
    about: 'Table 1 on CIFAR-10.',
    inputs: [],
    parameters: {},
    environment,
    startedAt: now(),
    now,
  });
  const json = await store.putIfAbsent('verdicts/table-1/0/verdicts.json', Buffer.from('{}'));
  return {
    artifact: 'table-1',
    workflow: 'reproduceTable1',
    input: { profile: 'paper', seeds: [1, 2, 3] },
    stamp: 'CIFAR-10 · paper profile: 50,000 training and 10,000 test images · seeds 1, 2, 3 · float32',
    figures: [],
    tables: [{ name: 'table-1', folder, markdown: outputs[0], csv: outputs[1], provenance }],
    verdicts: [
      verdict(
        'table-1.inception.random-labels.train',
        '100.0 %',
        '100.00 %',
        'reproduced',
        'Equal as printed.',
      ),
      verdict(
        'table-1.inception.random-labels.test',
        '9.78 %',
        '11.90 ± 0.12 %',
        'off',
        'Off by +2.12 points; the prediction interval of 3 seeds is ±0.60.',
      ),
      verdict(
        'beyond.the-paper',
        'Something that the paper does not say.',
        HOSTILE,
        'contradicted',
        '3 of 3 seeds point the other way.',
      ),
      verdict(
        'table-1.alexnet.random-labels.train',
        '99.82 %',
        '63.10 ± 31.2 %',
        'depends on an open choice',
        '1 of 3 seeds point the other way; open in the paper: batch size.',
      ),
    ],
    verdictsJson: json,
    verdictsMarkdown: json,
    trainings: { needed: 57, stored: 3, failed: 1 },
  };
}

export async function example(): Promise<{ store: Store; reproductions: (Reproduction | Failed)[] }> {
  const store = createMemoryStore();
  const failed: Failed = {
    artifact: 'table-4',
    input: {},
    failure: { type: 'DatasetUnavailable', message: `No archive at ${HOSTILE}.` },
  };
  return { store, reproductions: [await figure1(store), await table1(store), failed] };
}
