/** Corollary 1: a deeper network of the same function is narrower, and hardly larger. */
import type { OfTheorem, TheoremNumbers } from '../contract.ts';
import { boundsOf } from '../verdicts/theorem-1.ts';
import { csv } from './csv.ts';
import { type Drawing, type Encoding, type Layer, lineChart, strokeOf, symbolOf } from './line-chart.ts';
import { count } from './stamp.ts';
import { DEPTH_STYLE } from './theme.ts';
import { theoremStamp } from './theorem-stamp.ts';

export function corollary1(request: OfTheorem, { n, d, corollary1: rows }: TheoremNumbers): Drawing {
  const points = rows.map((row) => ({ ...row, bounds: boundsOf({ n, d, k: row.k }) }));
  const decade = (value: number, round: (power: number) => number) => 10 ** round(Math.log10(value));
  const narrowest = Math.min(...rows.map(({ width }) => width));
  const most = Math.max(...rows.map(({ weights }) => weights));
  const layersOf = (quantity: 'weights' | 'width'): Layer[] => {
    const style = DEPTH_STYLE[quantity];
    const encoding: Encoding = {
      x: {
        field: 'k',
        type: 'quantitative',
        title: 'Depth k',
        scale: {
          type: 'log',
          base: 2,
          domain: [1.85, Math.max(...rows.map(({ k }) => k)) * 1.1],
          nice: false,
        },
        axis: { values: rows.map(({ k }) => k), format: 'd' },
      },
      y: {
        field: quantity,
        type: 'quantitative',
        title: 'Units of the widest layer; weights',
        scale: {
          type: 'log',
          domain: [decade(narrowest, Math.floor), decade(most, Math.ceil)],
          nice: false,
        },
        axis: { values: [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000], format: ',d' },
      },
    };
    return [
      { data: { values: rows }, mark: { type: 'line', ...strokeOf(style) }, encoding },
      { data: { values: rows }, mark: { type: 'point', ...symbolOf(style) }, encoding },
    ];
  };
  const [{ evaluated }] = rows;
  const spec = lineChart({
    title: 'Corollary 1: width and weights against depth',
    stamp: theoremStamp(request),
    styles: [DEPTH_STYLE.weights, DEPTH_STYLE.width],
    caption: [
      'Depth: layers with a ReLU, and the output. Weights: connections, and biases that are not 0.',
      'Bounds, too close to be drawn: n/(k − 1), rounded up, and 3 units a layer; 3n + d + 5k weights.',
      `Tried on ${evaluated === n ? `all ${count(n)}` : `${count(evaluated)} of ${count(n)}`} points: largest error ${worst(rows, 'float64')} in float64, ${worst(rows, 'doubleDouble')} in double-double.`,
    ],
    layers: [...layersOf('weights'), ...layersOf('width')],
  });
  const cells = points.map(({ k, width, weights, bounds, largestError }) => [
    k,
    width,
    bounds.width,
    weights,
    bounds.weights,
    largestError.float64,
    largestError.doubleDouble,
  ]);
  const columns = [
    'k',
    'width',
    'width_bound',
    'weights',
    'weights_bound',
    'error_float64',
    'error_double_double',
  ];
  return { spec, csv: csv(columns, cells) };
}

function worst(rows: TheoremNumbers['corollary1'], arithmetic: 'float64' | 'doubleDouble'): string {
  const errors = rows.map(({ largestError }) => largestError[arithmetic]);
  return errors.includes(null) ? 'not finite' : Math.max(...errors.map(Number)).toExponential(1);
}
