/** How every picture looks: a printed page, legible to the colour-blind and without colour. */
import type { Config } from 'vega-lite';
import type { Condition, ModelName } from '../contract.ts';

export const WIDTH = 460;
export const HEIGHT = 290;
export const SMALL = 11;
export const INK = '#1a1a1a';
export const GREY = '#5c5c5c';

export interface Style {
  label: string;
  color: string;
  /** Lengths of strokes and gaps; a solid line has none. */
  dash: number[];
  /** Vega's name of a symbol. */
  shape: string;
}

// Colours of Okabe and Ito (2008) with a contrast of at least 3 : 1 on white; dashes and symbols for grey print.
const FIRST = { color: '#0072b2', dash: [], shape: 'circle' };
const SECOND = { color: '#d55e00', dash: [7, 3], shape: 'square' };
const THIRD = { color: '#009e73', dash: [2, 2], shape: 'triangle-up' };
const FOURTH = { color: '#b8578a', dash: [9, 3, 2, 3], shape: 'diamond' }; // their purple, darkened to 4 : 1
const FIFTH = { color: '#000000', dash: [4, 2], shape: 'cross' };

/** In the paper's words and order (Figure 1a). */
export const CONDITION_STYLE: Record<Condition, Style> = {
  'true-labels': { label: 'true labels', ...FIRST },
  'random-labels': { label: 'random labels', ...SECOND },
  'shuffled-pixels': { label: 'shuffled pixels', ...THIRD },
  'random-pixels': { label: 'random pixels', ...FOURTH },
  gaussian: { label: 'gaussian', ...FIFTH },
};

export const MODEL_STYLE: Record<ModelName, Style> = {
  inception: { label: 'Inception', ...FIRST },
  alexnet: { label: 'AlexNet', ...SECOND },
  'mlp-1x512': { label: 'MLP 1x512', ...THIRD },
  'mlp-3x512': { label: 'MLP 3x512', ...FOURTH },
  'inception-without-batch-norm': { label: 'Inception w/o BatchNorm', ...FIFTH },
  'inception-v3': { label: 'Inception V3', ...FIRST },
};

/** Of Theorem 1: the arithmetic by colour, by dash and symbol which part of the gap lies behind a bias. */
export function roundingStyle(
  precision: 'float32' | 'float64' | 'double-double',
  gapFraction: number,
): Style {
  const { color } = { float32: SECOND, float64: FIRST, 'double-double': THIRD }[precision];
  const { dash, shape } = gapFraction === 1 ? FIRST : gapFraction === 1 / 2 ? SECOND : THIRD;
  const bias =
    gapFraction === 1 ? 'at the predecessor' : gapFraction === 1 / 2 ? 'at the midpoint' : 'a quarter before';
  return { label: `${precision}, ${bias}`, color, dash, shape };
}

/** Of Theorem 1's projections: the kind by colour and symbol, the arithmetic by dash. */
export function projectionStyle(
  kind: 'integers-53' | 'integers-24' | 'gaussian' | 'unit-vector' | 'coordinate',
  precision: 'float32' | 'float64' | 'double-double',
): Style {
  const [label, { color, shape }] = (
    {
      'integers-53': ['whole numbers of 53 bits', FIRST],
      'integers-24': ['whole numbers of 24 bits', THIRD],
      gaussian: ['Gaussian', SECOND],
      'unit-vector': ['unit vector', FOURTH],
      coordinate: ['one coordinate', FIFTH],
    } as const
  )[kind];
  const { dash } = precision === 'float32' ? THIRD : FIRST;
  return { label: `${label}, ${precision}`, color, dash: [...dash], shape };
}

export const DEPTH_STYLE = {
  weights: { label: 'weights', ...FIRST },
  width: { label: 'width', ...SECOND },
} satisfies Record<string, Style>;

/** Of a function and the labels that it goes through. */
export const FUNCTION_STYLE = {
  function: { label: 'network', ...FIRST, shape: 'stroke' },
  labels: { label: 'labels', ...SECOND, dash: [0, 1] },
} satisfies Record<string, Style>;

/** Of the descents of a linear model (Section 5). */
export const DESCENT_STYLE = {
  true: { label: 'true labels, from zero', ...FIRST },
  random: { label: 'random labels, from zero', ...SECOND },
  elsewhere: { label: 'true labels, from elsewhere', ...THIRD },
} satisfies Record<string, Style>;

export const LIMIT_STYLE: Style = { label: 'the same, from its own limit', ...FOURTH };

export const CONFIG: Config = {
  background: 'white',
  font: 'Inter, sans-serif',
  padding: 16,
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: 15,
    fontWeight: 600,
    color: INK,
    subtitleFontSize: SMALL,
    subtitleColor: GREY,
    subtitleLineHeight: 15,
    subtitlePadding: 5,
    offset: 14,
  },
  axis: {
    labelFontSize: 12,
    labelColor: INK,
    titleFontSize: 12,
    titleFontWeight: 400,
    titleColor: INK,
    titlePadding: 9,
    domainColor: INK,
    tickColor: INK,
    gridColor: '#e6e6e6',
    labelOverlap: true,
    labelFlush: false,
  },
  axisX: { grid: false },
};
