/** The frame that the panels share: title, stamp, plot, legend, caption. */
import type { TopLevelSpec } from 'vega-lite';
import { textWidth, wrap } from './font.ts';
import { CONFIG, GREY, HEIGHT, INK, SMALL, type Style, WIDTH } from './theme.ts';

export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];
export type Encoding = NonNullable<Extract<Layer, { mark: unknown }>['encoding']>;

/** A picture and the numbers in it. */
export interface Drawing {
  spec: TopLevelSpec;
  csv: string;
}

const BELOW_AXIS = 58;
const LEGEND = { left: WIDTH + 18, sample: 34, gap: 8, row: 22, size: 12 };

/** styles: of the legend, from top to bottom. caption: sentences set under the plot. */
export function lineChart(chart: {
  title: string;
  stamp: string;
  styles: Style[];
  caption: string[];
  layers: Layer[];
}): TopLevelSpec {
  const labels = chart.styles.map(({ label }) => textWidth(label, LEGEND.size, false));
  const width = LEGEND.left + LEGEND.sample + LEGEND.gap + Math.max(0, ...labels);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: CONFIG,
    title: { text: chart.title, subtitle: wrap(chart.stamp, width, SMALL) },
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...chart.layers,
      ...chart.styles.flatMap(legendRow),
      caption(chart.caption, width, HEIGHT + BELOW_AXIS),
    ],
  };
}

/** A piece of line with its dash and symbol, as they stand in the plot. Vega's own legend dashes the symbols. */
function legendRow(style: Style, row: number): Layer[] {
  const y = LEGEND.row * (row + 0.5);
  const right = LEGEND.left + LEGEND.sample;
  const here = { data: { values: [{}] }, encoding: {} };
  return [
    {
      data: here.data,
      mark: { type: 'rule', ...strokeOf(style) },
      encoding: { x: { value: LEGEND.left }, x2: { value: right }, y: { value: y } },
    },
    { ...here, mark: { type: 'point', x: LEGEND.left + LEGEND.sample / 2, y, ...symbolOf(style) } },
    {
      ...here,
      mark: {
        type: 'text',
        x: right + LEGEND.gap,
        y,
        align: 'left',
        baseline: 'middle',
        fontSize: LEGEND.size,
        color: INK,
        text: style.label,
      },
    },
  ];
}

/** Sentences below a picture, at this height. */
export function caption(sentences: string[], width: number, y: number): Layer {
  return {
    data: { values: [{}] },
    encoding: {},
    mark: {
      type: 'text',
      x: 0,
      y,
      align: 'left',
      baseline: 'top',
      fontSize: SMALL,
      lineHeight: 15,
      color: GREY,
      text: wrap(sentences.join(' '), width, SMALL),
    },
  };
}

export function strokeOf({ color, dash }: Style) {
  return { color, strokeDash: dash, strokeWidth: 1.8 };
}

export function symbolOf({ color, shape }: Style) {
  return { color, shape, size: 70, filled: true, opacity: 1 };
}
