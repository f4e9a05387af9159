/** Section 5: the Hessian at two interpolants of the same labels is one and the same, and singular: as many eigenvalues as
 *  there are points, and zeros in all other directions, along the line from one optimum to the other among them. */
import type { LinearDescent, OfLinearModels } from '../contract.ts';
import { spectraCsv } from './descent-csv.ts';
import { type Drawing, type Encoding, lineChart, strokeOf, symbolOf } from './line-chart.ts';
import { linearStamp } from './linear-stamp.ts';
import { count } from './stamp.ts';
import { DESCENT_STYLE } from './theme.ts';

export function sgdOptima(request: OfLinearModels, numbers: LinearDescent): Drawing {
  const { dimensions, ranks, spectra, difference, differenceAtZero, alongTheLine, apart } = numbers.optima;
  const [one, other] = spectra;
  const zero = { ...DESCENT_STYLE.true, shape: 'stroke' };
  const elsewhere = { ...DESCENT_STYLE.elsewhere, dash: [0, 1] };
  const encoding: Encoding = {
    x: {
      field: 'place',
      type: 'quantitative',
      title: `Place among the ${count(dimensions)} eigenvalues; from ${count(one.length + 1)} on they are 0`,
      scale: { type: 'log', domain: [1, dimensions], nice: false },
      axis: { values: [1, 10, 100, 1000], format: ',d' },
    },
    y: {
      field: 'value',
      type: 'quantitative',
      title: 'Eigenvalue',
      scale: { type: 'log', nice: false, padding: 8 },
      axis: { values: DECADES, labelExpr: POWER_LABEL },
    },
  };
  const valuesOf = (spectrum: number[]) => spectrum.map((value, i) => ({ place: i + 1, value }));
  const spec = lineChart({
    title: 'The Hessian at two optima of a linear model',
    stamp: linearStamp(request),
    styles: [zero, elsewhere],
    caption: [
      `Of Σ log cosh of the errors, first output. The optima lie ${apart.toFixed(2)} of the first’s length apart.`,
      `Rank ${ranks.join(' and ')} of ${count(dimensions)}; no eigenvalue of any output differs by more than ${difference.toExponential(1)} of the largest.`,
      `Along the line between them the Hessian is ${alongTheLine.toExponential(1)} of the largest eigenvalue.`,
      `Away from the optima it is another: at zero an eigenvalue differs by ${differenceAtZero.toFixed(2)} of the largest.`,
    ],
    layers: [
      { data: { values: valuesOf(one) }, mark: { type: 'line', ...strokeOf(zero) }, encoding },
      {
        data: { values: valuesOf(other).filter(({ place }) => isMarked(place)) },
        mark: { type: 'point', ...symbolOf(elsewhere), size: 40 },
        encoding,
      },
    ],
  });
  return { spec, csv: spectraCsv(numbers) };
}

const DECADES = Array.from({ length: 21 }, (_, i) => 10 ** (i - 12));
const POWER_LABEL = `replace(format(datum.value, '.0e'), '+', '')`;

/** About eight a decade. */
const isMarked = (place: number) =>
  place === 1 || Math.floor(8 * Math.log10(place)) > Math.floor(8 * Math.log10(place - 1));
