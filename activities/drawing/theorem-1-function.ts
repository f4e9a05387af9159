/** Theorem 1 for a few points: along the projection the network is a piecewise-linear function that bends at every bias
 *  and passes through every label. */
import type { OfTheorem, TheoremNumbers } from '../contract.ts';
import { csv } from './csv.ts';
import { type Drawing, type Encoding, lineChart, strokeOf, symbolOf } from './line-chart.ts';
import { count } from './stamp.ts';
import { FUNCTION_STYLE } from './theme.ts';
import { theoremStamp } from './theorem-stamp.ts';

/** Of the ranges of projections and labels: shown around them; on the left the function is 0. */
const MARGIN = 0.04;

export function theorem1Function(request: OfTheorem, { small, d }: TheoremNumbers): Drawing {
  const { x, b, w, y } = small;
  const n = x.length;
  const value = (at: number) => w.reduce((sum, weight, j) => sum + weight * Math.max(at - b[j]!, 0), 0);
  const [first, last] = [b[0]!, x[n - 1]!];
  const start = first - MARGIN * (last - first);
  const points = x.map((at, i) => ({ x: at, value: value(at), label: y[i]! }));
  const [low, high] = [Math.min(0, ...y), Math.max(0, ...y)];
  const pad = MARGIN * (high - low);
  const bends = [start, ...b, last].map((at) => ({ x: at, value: value(at) }));

  const axes = (field: 'value' | 'label'): Encoding => ({
    x: {
      field: 'x',
      type: 'quantitative',
      title: 'Projection a · z', // the font has no angle brackets
      scale: { domain: [start, last + MARGIN * (last - first)], nice: false },
      axis: { format: ',d', tickCount: 5 },
    },
    y: {
      field,
      type: 'quantitative',
      title: 'Label',
      scale: { domain: [low - pad, high + pad], nice: false },
      axis: { tickCount: 6 },
    },
  });
  const spec = lineChart({
    title: `Theorem 1: the network of ${n} points`,
    stamp: theoremStamp(request),
    styles: [FUNCTION_STYLE.function, FUNCTION_STYLE.labels],
    caption: [
      `The first ${n} images, ${count(2 * n + d)} weights that float32 holds.`,
      'A hinge begins at the projection before its point, the first one about a mean gap before: the function is 0 up to there, and the straight line from label to label after it.',
    ],
    layers: [
      {
        data: { values: bends },
        mark: { type: 'line', ...strokeOf(FUNCTION_STYLE.function) },
        encoding: axes('value'),
      },
      {
        data: { values: points },
        mark: { type: 'point', ...symbolOf(FUNCTION_STYLE.labels) },
        encoding: axes('label'),
      },
    ],
  });
  const rows = points.map((point, i) => [point.x, b[i]!, w[i]!, point.value, point.label]);
  return { spec, csv: csv(['projection', 'bias', 'weight', 'value', 'label'], rows) };
}
