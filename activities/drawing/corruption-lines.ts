/** Lines over label corruption, one a model: mean over seeds, bars from least to most, arrows for what is censored. */
import type { ModelName } from '../contract.ts';
import { type Encoding, type Layer, strokeOf, symbolOf } from './line-chart.ts';
import { distinct } from './stamp.ts';
import { MODEL_STYLE } from './theme.ts';

export interface Measured {
  model: ModelName;
  level: number;
  value: number;
  /** The true value is larger. */
  censored: boolean;
}

interface Point {
  level: number;
  mean: number;
  least: number;
  most: number;
  censored: boolean;
}

// A shaft and its head, in units of the symbol's size: it stands on its point.
const ARROW = {
  type: 'point',
  shape: 'M0,0L0,-1.6M-0.35,-1.2L0,-1.6L0.35,-1.2',
  size: 600,
  strokeWidth: 1.8,
  filled: false,
  opacity: 1,
} as const;

export const LEVEL_AXIS: Encoding['x'] = {
  field: 'level',
  type: 'quantitative',
  title: 'Label corruption (fraction of labels redrawn)',
  scale: { domain: [-0.06, 1.06], nice: false },
  axis: { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: '.1f' },
};

export function modelLines(measured: Measured[], y: { title: string; domain: [number, number] }): Layer[] {
  const vertical = (field: keyof Point): Encoding['y'] => ({
    field,
    type: 'quantitative',
    title: y.title,
    scale: { domain: y.domain, nice: false },
    axis: { tickCount: 6 },
  });
  const encoding: Encoding = { x: LEVEL_AXIS, y: vertical('mean') };
  return fromTopToBottom(measured).flatMap((model): Layer[] => {
    const points = pointsOf(measured.filter((run) => run.model === model));
    const reached = points.filter(({ censored }) => !censored);
    const censored = { values: points.filter((point) => point.censored) };
    const spread = { values: reached.filter(({ least, most }) => least < most) };
    const broken = { values: points.map((point) => (point.censored ? { ...point, mean: null } : point)) };
    const style = MODEL_STYLE[model];
    const { color } = style;
    return [
      { data: broken, mark: { type: 'line', ...strokeOf(style) }, encoding },
      {
        data: spread,
        mark: { type: 'errorbar', ticks: { size: 8 }, thickness: 1.2, color },
        encoding: { ...encoding, y: vertical('least'), y2: { field: 'most' } },
      },
      { data: { values: reached }, mark: { type: 'point', ...symbolOf(style) }, encoding },
      {
        data: censored,
        mark: { type: 'point', ...symbolOf(style), filled: false, strokeWidth: 1.8 },
        encoding,
      },
      { data: censored, mark: { ...ARROW, color }, encoding },
    ];
  });
}

/** Models as their lines lie, the highest first. */
export function fromTopToBottom(measured: Measured[]): ModelName[] {
  const height = (model: ModelName) =>
    meanOf(measured.filter((run) => run.model === model).map(({ value }) => value));
  return distinct(measured.map(({ model }) => model)).sort((one, other) => height(other) - height(one));
}

/** One model's seeds, level by level. */
function pointsOf(measured: Measured[]): Point[] {
  return distinct(measured.map(({ level }) => level)).map((level) => {
    const seeds = measured.filter((run) => run.level === level);
    const values = seeds.map(({ value }) => value);
    return {
      level,
      mean: meanOf(values),
      least: Math.min(...values),
      most: Math.max(...values),
      // A mean with a censored value in it is a lower bound as well.
      censored: seeds.some(({ censored }) => censored),
    };
  });
}

const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
