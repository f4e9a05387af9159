/** How the choice of the projection moves the point where floats fail, with the biases at the predecessors: the largest
 *  error where another machine adds up the projection's terms in the reverse order. */
import type { OfTheorem, TheoremNumbers } from '../contract.ts';
import { csv } from './csv.ts';
import { type Drawing, lineChart } from './line-chart.ts';
import { count, distinct } from './stamp.ts';
import { projectionStyle } from './theme.ts';
import { errorLayers, halfAClass } from './theorem-1-error.ts';
import { theoremStamp } from './theorem-stamp.ts';

type Row = TheoremNumbers['errorByProjection'][number];

export function theorem1Projection(request: OfTheorem, { errorByProjection: rows }: TheoremNumbers): Drawing {
  const drawn = rows.filter(
    ({ precision, gapFraction }) => gapFraction === 1 && precision !== 'double-double',
  );
  const n = Math.max(...drawn.map((row) => row.n));
  const lines = distinct(drawn.map((row) => styleOf(row).label)).map((label) => {
    const own = drawn.filter((row) => styleOf(row).label === label);
    return { style: styleOf(own[0]!), rows: own };
  });
  const spec = lineChart({
    title: 'Theorem 1: error against n, by projection',
    stamp: theoremStamp(request),
    styles: lines.map(({ style }) => style),
    caption: [
      `The first ${count(n)} points. Biases at the predecessors; other biases, double-double and the same order are in the CSV.`,
      'Weights from projections computed in the arithmetic named, tried at projections whose terms are added up in the reverse order: on bytes no order moves whole numbers in float64, nor those of 24 bits in float32.',
      'A unit vector is the Gaussian one over its length.',
      `Above the dotted line a label is lost: ${lines.flatMap(firstLost).join('; ')}.`,
    ],
    layers: [
      halfAClass(),
      ...lines.flatMap(({ style, rows }) =>
        errorLayers(
          style,
          rows.map((row) => ({ n: row.n, error: row.reverseOrder.largestError })),
          n,
        ),
      ),
    ],
  });
  return { spec, csv: csv(COLUMNS, rows.map(cellsOf)) };
}

const styleOf = ({ projection, precision }: Row) => projectionStyle(projection, precision);

function firstLost({ style, rows }: { style: { label: string }; rows: Row[] }): string[] {
  const lost = rows.find(({ reverseOrder }) => reverseOrder.wrong > 0);
  return lost ? [`${style.label}, from n = ${count(lost.n)}`] : [];
}

export const COLUMNS = [
  ...['n', 'projection', 'precision', 'gap_fraction'],
  ...['error_same_order', 'wrong_same_order', 'error_reverse_order', 'wrong_reverse_order'],
];

/** An empty error is not a finite number. */
export const cellsOf = ({ n, projection, precision, gapFraction, sameOrder, reverseOrder }: Row) => [
  ...[n, projection, precision, gapFraction],
  ...[sameOrder.largestError, sameOrder.wrong, reverseOrder.largestError, reverseOrder.wrong],
];
