/** Accuracy along trainings: a thick line for test, a thin one for training, a shade up to the best test accuracy so
 *  far; means over seeds, with bars from least to most. */
import type { Accuracy, ModelName } from '../contract.ts';
import { bestSoFar, type Look, percentOf } from '../verdicts/early-stopping.ts';
import { meanAndDeviation } from '../verdicts/statistics.ts';
import { type Encoding, type Layer, strokeOf, symbolOf } from './line-chart.ts';
import { distinct } from './stamp.ts';
import { MODEL_STYLE } from './theme.ts';

/** One training. end: over all test images, after the last step. */
export interface Curve {
  model: ModelName;
  seed: number;
  looks: Look[];
  end: { steps: number; train: Accuracy; test: Accuracy };
}

/** Of one model at one step, in per cent, over its seeds. */
interface Point {
  step: number;
  train: number;
  test: number;
  best: number;
  least: number;
  most: number;
}

const BARS = 8; // more would hide the line
const ASIDE = 1.025; // published values would lie on ours
const FLOOR_STEP = 10;

export function accuracyLayers(curves: Curve[], published: { model: ModelName; percent: number }[]): Layer[] {
  const longest = Math.max(1, ...curves.map(({ end }) => end.steps));
  const thousands = longest >= 5_000;
  const unit = thousands ? 1_000 : 1;
  const models = distinct(curves.map(({ model }) => model));
  const byModel = models.map((model) => {
    const own = curves.filter((curve) => curve.model === model);
    return { model, points: pointsOf(own, unit), end: endOf(own, unit) };
  });
  const lowest = Math.min(
    100 - FLOOR_STEP,
    ...byModel.flatMap(({ points }) => points.flatMap(({ train, least }) => [train, least])),
    ...published.map(({ percent }) => percent),
  );
  const x: Encoding['x'] = {
    field: 'step',
    type: 'quantitative',
    title: thousands ? 'Thousand steps' : 'Steps',
    scale: { domain: [0, (longest / unit) * (published.length > 0 ? 1.05 : 1)], nice: false },
    axis: { tickCount: 6 },
  };
  const vertical = (field: keyof Point): Encoding['y'] => ({
    field,
    type: 'quantitative',
    title: 'Accuracy (%)',
    scale: { domain: [FLOOR_STEP * Math.floor(lowest / FLOOR_STEP), 100], nice: false, zero: false },
    axis: { tickCount: 6 },
  });
  return [
    ...byModel.flatMap(({ model, points }) => shade(model, points, x, vertical)),
    ...byModel.flatMap(({ model, points, end }) => lines(model, points, end, x, vertical)),
    ...published.map(
      ({ model, percent }): Layer => ({
        data: { values: [{ step: (longest / unit) * ASIDE, test: percent }] },
        mark: { type: 'point', ...symbolOf(MODEL_STYLE[model]), filled: false, size: 110, strokeWidth: 1.5 },
        encoding: { x, y: vertical('test') },
      }),
    ),
  ];
}

type Vertical = (field: keyof Point) => Encoding['y'];

function shade(model: ModelName, points: Point[], x: Encoding['x'], vertical: Vertical): Layer[] {
  const { color } = MODEL_STYLE[model];
  return [
    {
      data: { values: points },
      mark: { type: 'area', color, opacity: 0.28 },
      encoding: { x, y: vertical('test'), y2: { field: 'best' } },
    },
  ];
}

function lines(
  model: ModelName,
  points: Point[],
  end: Pick<Point, 'step' | 'test'>,
  x: Encoding['x'],
  vertical: Vertical,
): Layer[] {
  const style = MODEL_STYLE[model];
  const data = { values: points };
  const stride = Math.max(1, Math.ceil(points.length / BARS));
  const barred = points.filter((point, i) => i % stride === stride - 1 && point.least < point.most);
  return [
    {
      data,
      mark: { type: 'line', strokeJoin: 'round', ...strokeOf(style), strokeWidth: 0.9 },
      encoding: { x, y: vertical('train') },
    },
    {
      data,
      mark: { type: 'line', strokeJoin: 'round', ...strokeOf(style), strokeWidth: 2.2 },
      encoding: { x, y: vertical('test') },
    },
    {
      data: { values: barred },
      mark: { type: 'errorbar', ticks: { size: 8 }, thickness: 1.2, color: style.color },
      encoding: { x, y: vertical('least'), y2: { field: 'most' } },
    },
    {
      data: { values: [end] },
      mark: { type: 'point', ...symbolOf(style) },
      encoding: { x, y: vertical('test') },
    },
  ];
}

/** At the steps that every seed has looks at: one that stopped early would pull the mean. */
function pointsOf(curves: Curve[], unit: number): Point[] {
  const shortest = Math.min(...curves.map(({ looks }) => looks.length));
  const best = curves.map(({ looks }) => bestSoFar(looks));
  const meanOf = (values: number[]) => meanAndDeviation(values).mean;
  return Array.from({ length: shortest }, (_, i): Point => {
    const looks = curves.map((curve) => curve.looks[i]);
    const tests = looks.map(({ test }) => percentOf(test));
    return {
      step: looks[0].step / unit,
      train: meanOf(looks.map(({ train }) => percentOf(train))),
      test: meanOf(tests),
      best: meanOf(best.map((values) => values[i])),
      least: Math.min(...tests),
      most: Math.max(...tests),
    };
  });
}

function endOf(curves: Curve[], unit: number): Pick<Point, 'step' | 'test'> {
  return {
    step: Math.max(...curves.map(({ end }) => end.steps)) / unit,
    test: meanAndDeviation(curves.map(({ end }) => percentOf(end.test))).mean,
  };
}
