/** Figure 2b: test accuracy, and thinner training accuracy, along the training, with and without batch norm. What lies
 *  between the curve and the best so far is what stopping at the best would have gained; it is written beside the
 *  plot. */
import type { ModelName, TrainedRun } from '../contract.ts';
import { FIGURE_2B_MODELS } from '../verdicts/batch-norm-claims.ts';
import { bestSoFar, type Gain, gainOf, type Look, percentOf } from '../verdicts/early-stopping.ts';
import { regularizersOf } from '../verdicts/regularizers.ts';
import { meanAndDeviation } from '../verdicts/statistics.ts';
import { TABLE_1 } from '../verdicts/table-1.ts';
import { accuracyLayers, type Curve } from './accuracy-layers.ts';
import { csv } from './csv.ts';
import { gainNotes } from './gain-notes.ts';
import { type Drawing, lineChart } from './line-chart.ts';
import { count, distinct, type PanelRequest, stamp, withoutOutcome } from './stamp.ts';
import { MODEL_STYLE } from './theme.ts';

type Request = PanelRequest<TrainedRun>;

/** looks: by run id, at least one each, of the runs that ended. */
export function figure2b(request: Request, looks: ReadonlyMap<string, Look[]>): Drawing {
  const curves = curvesOf(request.runs, looks);
  const published =
    request.dataset.id.name === 'cifar10'
      ? FIGURE_2B_MODELS.map((model) => ({ model, percent: TABLE_1[model].trueLabels.test }))
      : [];
  const spec = lineChart({
    title: 'Figure 2b: Inception (small) with and without batch norm',
    stamp: stamp(request),
    styles: FIGURE_2B_MODELS.map((model) => MODEL_STYLE[model]),
    caption: captionOf(request, curves, published.length > 0),
    layers: [
      ...accuracyLayers(curves, published),
      ...(curves.length > 0
        ? gainNotes(
            FIGURE_2B_MODELS.map((model) => ({ model, text: gainText(gainsOf(curves, model)) })),
            noiseOf(curves),
          )
        : []),
    ],
  });
  return { spec, csv: csv(COLUMNS, rowsOf(curves, published)) };
}

function curvesOf(runs: TrainedRun[], looks: ReadonlyMap<string, Look[]>): Curve[] {
  return runs.flatMap(({ planned, outcome }) => {
    const own = looks.get(planned.id);
    const { trajectory } = planned.run;
    const model = FIGURE_2B_MODELS.find((name) => name === trajectory.model);
    return own && outcome && model ? [{ model, seed: trajectory.seed, looks: own, end: outcome }] : [];
  });
}

const gainsOf = (curves: Curve[], model: ModelName): Gain[] =>
  curves.filter((curve) => curve.model === model).map(({ looks }) => gainOf(looks));

/** `0.85 points`; of several seeds with their spread: `0.85 points (0.40–1.10)`. None: it diverged, as the caption says. */
function gainText(gains: Gain[]): string {
  if (gains.length === 0) return 'no training ended';
  const points = gains.map((gain) => gain.points);
  if (gains.length === 1) return `${points[0].toFixed(2)} points`;
  const { mean } = meanAndDeviation(points);
  return `${mean.toFixed(2)} points (${Math.min(...points).toFixed(2)}–${Math.max(...points).toFixed(2)})`;
}

/** Binomial standard error of a look, from the least to the largest. */
function noiseOf(curves: Curve[]): string {
  const errors = curves.map(({ looks }) => gainOf(looks).error).sort((one, other) => one - other);
  const range = distinct([errors[0], errors[errors.length - 1]].map((error) => error.toFixed(1)));
  return `±${range.join('–')} points`;
}

function captionOf({ runs }: Request, curves: Curve[], hasPublished: boolean): string[] {
  const gains = curves.map(({ looks }) => gainOf(looks));
  const images = distinct(gains.map((gain) => count(gain.images)));
  const added = distinct(runs.flatMap(({ planned }) => regularizersOf(planned.run)));
  return [
    'Thick: test accuracy; thin: training accuracy.',
    ...(curves.length > 0
      ? [
          `A look takes the first ${images.join(' or ')} images of each split, and all training images when a threshold is near;`,
          'filled symbols: the end, over all test images. Shaded: up to the best so far. Gain of early stopping: the best',
          'less the last look; the best of many noisy ones is biased upwards. Noise: one standard error (binomial).',
          'Statistics of batch norm are computed anew over the first training images before every look.',
        ]
      : []),
    ...(hasPublished ? ['Hollow symbols: published (Table 1, 50,000 training images).'] : []),
    ...(distinct(curves.map(({ seed }) => seed)).length > 1
      ? ['Mean over seeds; bars from least to most.']
      : []),
    `Learning rate ${ratesOf(runs)}.`,
    added.length > 0 ? `With ${added.join(', ')}.` : 'No weight decay, no dropout, no augmentation.',
    ...withoutOutcome(runs.map((run) => ({ ...run, condition: 'true-labels', corruptionLevel: null }))),
  ];
}

/** `0.1 with and 0.003 without batch norm`: open in the paper, and what diverges at one does not at the other. */
function ratesOf(runs: TrainedRun[]): string {
  const [withNorm, without] = FIGURE_2B_MODELS.map((model) => {
    const own = runs.filter(({ planned }) => planned.run.trajectory.model === model);
    return distinct(own.map(({ planned }) => planned.run.trajectory.optimizer.learningRate)).join(', ');
  });
  return withNorm === without ? withNorm! : `${withNorm} with and ${without} without batch norm`;
}

const COLUMNS = [
  'source',
  'model',
  'seed',
  'step',
  'train_correct',
  'train_images',
  'test_correct',
  'test_images',
  'test_percent',
  'best_test_percent',
  'gain_points',
];

/** look: every look, with what stopping at the best so far would have gained there; end: all images of both splits,
 *  after the last step; published: Table 1. */
function rowsOf(curves: Curve[], published: { model: ModelName; percent: number }[]) {
  const counts = ({ train, test }: Pick<Look, 'train' | 'test'>) => [
    train.correct,
    train.images,
    test.correct,
    test.images,
    percentOf(test),
  ];
  return [
    ...curves.flatMap(({ model, seed, looks, end }) => {
      const best = bestSoFar(looks);
      return [
        ...looks.map((look, i) => {
          // A difference of doubles has more decimals than a share of 10,000 images.
          const gain = Math.round(1e4 * (best[i] - percentOf(look.test))) / 1e4;
          return ['look', model, seed, look.step, ...counts(look), best[i], gain];
        }),
        ['end', model, seed, end.steps, ...counts(end), null, null],
      ];
    }),
    ...published.map(({ model, percent }) => [
      'published',
      model,
      ...Array.from({ length: 6 }, () => null),
      percent,
      null,
      null,
    ]),
  ];
}
