/** Figure 1c: test error where training ended, against label corruption, one line a model. */
import { isOfTable1, TABLE_1 } from '../verdicts/table-1.ts';
import { fromTopToBottom, LEVEL_AXIS, type Measured, modelLines } from './corruption-lines.ts';
import { csv } from './csv.ts';
import { type Drawing, type Layer, lineChart, symbolOf } from './line-chart.ts';
import { distinct, type PanelRequest, stamp, withoutOutcome } from './stamp.ts';
import { GREY, MODEL_STYLE, WIDTH } from './theme.ts';

// Published values would lie on ours.
const ASIDE = 0.035;

export function figure1c(request: PanelRequest): Drawing {
  const tested = request.runs.flatMap(({ planned, corruptionLevel, outcome }) => {
    if (!outcome || corruptionLevel === null) return [];
    const { correct, images } = outcome.test;
    const { model, seed } = planned.run.trajectory;
    const value = (100 * (images - correct)) / images;
    return [{ model, seed, level: corruptionLevel, wrong: images - correct, images, value, censored: false }];
  });
  const published = request.dataset.id.name === 'cifar10' ? publishedFor(tested) : [];
  const chance = 100 * (1 - 1 / request.dataset.classes.length);

  const spec = lineChart({
    title: 'Figure 1c: test error',
    stamp: stamp(request),
    styles: fromTopToBottom(tested).map((model) => MODEL_STYLE[model]),
    caption: [
      'At the end of training.',
      ...(published.length > 0
        ? ['Hollow symbols, beside the ends: published (Table 1, 50,000 training images).']
        : []),
      ...(distinct(tested.map(({ seed }) => seed)).length > 1
        ? ['Mean over seeds; bars from least to most.']
        : []),
      ...withoutOutcome(request.runs),
    ],
    layers: [
      ...chanceLayers(chance),
      ...modelLines(tested, { title: 'Test error (%)', domain: [0, 100] }),
      ...publishedLayers(published),
    ],
  });
  const columns = [
    'source',
    'model',
    'corruption',
    'seed',
    'test_wrong',
    'test_images',
    'test_error_percent',
  ];
  const rows = [
    ...tested.map((run) => ['measured', run.model, run.level, run.seed, run.wrong, run.images, run.value]),
    ...published.map(({ model, level, value }) => ['published', model, level, null, null, null, value]),
  ];
  return { spec, csv: csv(columns, rows) };
}

function publishedFor(tested: Measured[]): Measured[] {
  return distinct(tested.map(({ model }) => model))
    .filter(isOfTable1)
    .flatMap((model) => {
      const { trueLabels, randomLabels } = TABLE_1[model];
      return [
        { model, level: 0, value: percentWrong(trueLabels.test), censored: false },
        { model, level: 1, value: percentWrong(randomLabels.test), censored: false },
      ];
    });
}

// Table 1 prints two decimals; a difference of doubles has more.
const percentWrong = (accuracy: number) => Math.round(100 * (100 - accuracy)) / 100;

function chanceLayers(chance: number): Layer[] {
  const y = { field: 'chance', type: 'quantitative' } as const;
  const data = { values: [{ chance }] };
  return [
    { data, mark: { type: 'rule', color: GREY, strokeDash: [3, 3] }, encoding: { y } },
    {
      data,
      mark: {
        type: 'text',
        align: 'left',
        baseline: 'bottom',
        dy: -4,
        color: GREY,
        text: `chance (${chance} %)`,
      },
      encoding: { y, x: { value: WIDTH * 0.05 } },
    },
  ];
}

function publishedLayers(published: Measured[]): Layer[] {
  return published.map(({ model, level, value }) => ({
    data: { values: [{ level: level === 0 ? -ASIDE : 1 + ASIDE, value }] },
    mark: { type: 'point', ...symbolOf(MODEL_STYLE[model]), filled: false, size: 110, strokeWidth: 1.5 },
    encoding: { x: LEVEL_AXIS, y: { field: 'value', type: 'quantitative' } },
  }));
}
