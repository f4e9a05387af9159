/** Section 5: how far SGD on a linear model is from the least-norm solution, against steps. From zero it goes there; from
 *  elsewhere it keeps what lies outside of the span of the data, and ends at another interpolant. */
import { DescentName, type LinearDescent, type OfLinearModels } from '../contract.ts';
import { distancesCsv } from './descent-csv.ts';
import { type Drawing, type Encoding, type Layer, lineChart, strokeOf, symbolOf } from './line-chart.ts';
import { linearStamp } from './linear-stamp.ts';
import { count } from './stamp.ts';
import { DESCENT_STYLE, LIMIT_STYLE, type Style } from './theme.ts';

const DECADES = [-5, -4, -3, -2, -1, 0].map((power) => 10 ** power);
const POWER_LABEL = `replace(format(datum.value, '.0e'), '+', '')`;

export function sgdDistance(request: OfLinearModels, numbers: LinearDescent): Drawing {
  const { learningRate, looks } = numbers;
  const last = looks.at(-1)!;
  const ends = (name: DescentName) => last[name].distance.toExponential(1);
  const most = Math.max(...looks.map(({ true: one, random }) => Math.max(one.offSpan, random.offSpan)));
  const spec = lineChart({
    title: 'SGD on a linear model: distance from the least-norm solution',
    stamp: linearStamp(request),
    styles: [...DescentName.options.map((name) => DESCENT_STYLE[name]), LIMIT_STYLE],
    caption: [
      `One example a step, learning rate ${learningRate.toPrecision(3)}: 1 over the largest squared length of an image.`,
      `Distance relative to the solution’s own length; it ends at ${ends('true')} with true and ${ends('random')} with random labels.`,
      `From zero the iterate stays in the span of the data: at most ${most.toExponential(1)} outside.`,
      `From elsewhere it ends ${ends('elsewhere')} away, at another interpolant: ${last.elsewhere.distanceToLimit.toExponential(1)} from the solution plus what the start had outside of the span.`,
    ],
    layers: [
      ...DescentName.options.flatMap((name, i) =>
        layersOf(numbers, { style: DESCENT_STYLE[name], first: i, of: (look) => look[name].distance }),
      ),
      ...layersOf(numbers, {
        style: LIMIT_STYLE,
        first: DescentName.options.length,
        of: ({ elsewhere }) => elsewhere.distanceToLimit,
      }),
    ],
  });
  return { spec, csv: distancesCsv(numbers) };
}

type Look = LinearDescent['looks'][number];

/** Lines that lie on one another carry their symbols at different places; step 0 has none on a logarithmic scale. */
function layersOf(
  { n, looks }: LinearDescent,
  { style, first, of }: { style: Style; first: number; of: (look: Look) => number },
): Layer[] {
  const encoding = encodingOf(n, looks.at(-1)!.step);
  const values = looks.slice(1).map((look) => ({ step: look.step, distance: of(look) }));
  return [
    { data: { values }, mark: { type: 'line', ...strokeOf(style) }, encoding },
    {
      data: { values: values.filter((_, i) => i % SYMBOL_EVERY === first) },
      mark: { type: 'point', ...symbolOf(style), size: 40 },
      encoding,
    },
  ];
}

const SYMBOL_EVERY = 5;

const encodingOf = (n: number, steps: number): Encoding => ({
  x: {
    field: 'step',
    type: 'quantitative',
    title: `Steps (an epoch is ${count(n)})`,
    scale: { type: 'log', domain: [n, Math.max(steps, 2 * n)], nice: false },
    axis: { values: [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000], format: ',d' },
  },
  y: {
    field: 'distance',
    type: 'quantitative',
    title: 'Distance, relative',
    scale: { type: 'log', domain: [1e-5, 3], nice: false, clamp: true },
    axis: { values: DECADES, labelExpr: POWER_LABEL },
  },
});
