/** What is written of a linear model's descents: one file of numbers, weights as float64, two CSV files. */
import { DescentName, LinearDescent } from '../contract.ts';
import { encodeNpy } from '../data/npy.ts';
import { distancesCsv, spectraCsv } from '../drawing/descent-csv.ts';
import { CLASSES } from '../kernel/labels.ts';

/** In the order of `descentFiles`. */
export const DESCENT_NAMES = [
  'descent.json',
  'distances.csv',
  'spectra.csv',
  ...DescentName.options.map((name) => `weights-${name}.npy`),
];

/** weights: float64 [d, 10] of each. */
export function descentFiles(numbers: LinearDescent, weights: Record<DescentName, Float64Array>) {
  const contents: [bytes: Uint8Array | string, contentType: string][] = [
    [`${JSON.stringify(inOrder(numbers), null, 2)}\n`, 'application/json'],
    [distancesCsv(numbers), 'text/csv'],
    [spectraCsv(numbers), 'text/csv'],
    ...DescentName.options.map((name): [Uint8Array, string] => [
      encodeNpy('float64', [numbers.d, CLASSES], weights[name]),
      'application/octet-stream',
    ]),
  ];
  return contents.map(([bytes, contentType], i) => ({ name: DESCENT_NAMES[i]!, bytes, contentType }));
}

/** Fields in the schema's order, also of what a kept iterate brought. */
const inOrder = (numbers: LinearDescent) => LinearDescent.parse(numbers);

export const parseDescent = (bytes: Buffer | string): LinearDescent =>
  LinearDescent.parse(JSON.parse(bytes.toString()));
