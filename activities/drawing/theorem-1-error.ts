/** What floating point does to Theorem 1: the largest error over the sample against its size, by arithmetic and by where
 *  a bias sits in its gap. */
import type { OfTheorem, TheoremNumbers } from '../contract.ts';
import { csv } from './csv.ts';
import { type Drawing, type Encoding, type Layer, lineChart, strokeOf, symbolOf } from './line-chart.ts';
import { count, distinct } from './stamp.ts';
import { GREY, roundingStyle, type Style } from './theme.ts';
import { theoremStamp } from './theorem-stamp.ts';

type Row = TheoremNumbers['errorAgainstN'][number];

/** Errors beyond it, and those that are not finite, are drawn on it. */
const TOP = 1e3;
const BOTTOM = 1e-16;
const POWERS = [-16, -13, -10, -7, -4, -1, 2];
const POWER_LABEL = `replace(format(datum.value, '.0e'), '+', '')`;
const HALF_A_CLASS = 0.5;

export function theorem1Error(request: OfTheorem, { n, errorAgainstN: rows }: TheoremNumbers): Drawing {
  const lines = linesOf(rows);
  const spec = lineChart({
    title: 'Theorem 1: error against n',
    stamp: theoremStamp(request),
    styles: lines.map(({ style }) => style),
    caption: [
      'Weights computed in the arithmetic named, and the function that they are, without further rounding.',
      'Double-double: sums alone; weights are float64.',
      'Where the bias of a point sits in the gap before it: at its predecessor, in the middle, or a quarter of the gap before the point.',
      `Above the dotted line, half a class, a label is lost: ${firstLost(lines)}.`,
      'A line that reaches the upper edge ends there: larger, or not a number.',
    ],
    layers: [halfAClass(), ...lines.flatMap(({ style, rows }) => errorLayers(style, rows.map(errorOf), n))],
  });
  return { spec, csv: csv(COLUMNS, rows.map(cellsOf)) };
}

interface Line {
  style: ReturnType<typeof roundingStyle>;
  rows: Row[];
}

/** The worst first, as they lie. */
function linesOf(rows: Row[]): Line[] {
  return distinct(rows.map(({ precision, gapFraction }) => roundingStyle(precision, gapFraction).label))
    .map((label) => {
      const own = rows.filter((row) => roundingStyle(row.precision, row.gapFraction).label === label);
      return { style: roundingStyle(own[0]!.precision, own[0]!.gapFraction), rows: own };
    })
    .sort((one, other) => badness(other.rows) - badness(one.rows));
}

/** Decades above the floor, over all sizes. */
const badness = (rows: Row[]) => rows.reduce((sum, row) => sum + Math.log10(shown(errorOf(row))), 0);

const errorOf = ({ n, ofWeights }: Row) => ({ n, error: ofWeights.largestError });

const shown = ({ error }: { error: number | null }) => Math.min(TOP, Math.max(BOTTOM, error ?? TOP));

/** Above it the nearest class is another one. */
export const halfAClass = (): Layer => ({
  data: { values: [{ half: HALF_A_CLASS }] },
  mark: { type: 'rule', color: GREY, strokeDash: [2, 3] },
  encoding: { y: { field: 'half', type: 'quantitative' } },
});

/** One line, up to n points; it ends where it reaches the upper edge. An error of null is not a finite number. */
export function errorLayers(style: Style, errors: { n: number; error: number | null }[], n: number): Layer[] {
  const end = errors.findIndex((error) => shown(error) === TOP);
  const values = errors
    .slice(0, end < 0 ? errors.length : end + 1)
    .map((error) => ({ n: error.n, error: shown(error) }));
  const encoding: Encoding = {
    x: {
      field: 'n',
      type: 'quantitative',
      title: 'Points n',
      scale: { type: 'log', domain: [8, Math.max(10, n) * 1.25], nice: false },
      axis: { values: [10, 100, 1_000, 10_000, 100_000, 1_000_000], format: ',d' },
    },
    y: {
      field: 'error',
      type: 'quantitative',
      title: 'Largest error of a label',
      scale: { type: 'log', domain: [BOTTOM, TOP], nice: false },
      axis: { values: POWERS.map((power) => 10 ** power), labelExpr: POWER_LABEL },
    },
  };
  return [
    { data: { values }, mark: { type: 'line', ...strokeOf(style) }, encoding },
    { data: { values }, mark: { type: 'point', ...symbolOf(style), size: 40 }, encoding },
  ];
}

/** `float32, at the midpoint, from n = 500` */
function firstLost(lines: Line[]): string {
  const texts = lines.flatMap(({ style, rows }) => {
    const lost = rows.find(({ ofWeights }) => ofWeights.wrong > 0);
    return lost ? [`${style.label}, from n = ${count(lost.n)}`] : [];
  });
  return texts.length > 0 ? texts.join('; ') : 'none is';
}

const COLUMNS = [
  'n',
  'precision',
  'gap_fraction',
  'error_of_weights',
  'wrong_of_weights',
  'error_as_computed',
  'wrong_as_computed',
];

const cellsOf = ({ n, precision, gapFraction, ofWeights, asComputed }: Row) => [
  n,
  precision,
  gapFraction,
  ofWeights.largestError,
  ofWeights.wrong,
  asComputed.largestError,
  asComputed.wrong,
];
