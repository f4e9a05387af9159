/** What is written of Theorem 1 on a sample: one file of numbers for programs, weights in open formats, two CSV files. */
import { TheoremNumbers } from '../contract.ts';
import { encodeNpy } from '../data/npy.ts';
import { csv } from '../drawing/csv.ts';
import { COLUMNS, cellsOf } from '../drawing/theorem-1-projection.ts';
import { encodeSafetensors } from '../tensorflow/safetensors.ts';
import { tiedNetwork } from './tied-network.ts';
import type { Verified } from './verification.ts';

/** In the order of `filesOf`. */
export const NAMES = [
  'theorem-1.json',
  'a.npy',
  'b.npy',
  'w.npy',
  'tied-network.safetensors',
  'corollary-1.csv',
  'error-against-n.csv',
  'error-by-projection.csv',
];

export function filesOf({ numbers, network, tied }: Verified) {
  const array = (values: Float64Array) => encodeNpy('float64', [values.length], values);
  const contents: [bytes: Uint8Array | string, contentType: string][] = [
    [`${JSON.stringify(numbers, null, 2)}\n`, 'application/json'],
    [array(network.a), 'application/octet-stream'],
    [array(network.b), 'application/octet-stream'],
    [array(network.w), 'application/octet-stream'],
    [encodeSafetensors(tiedNetwork(tied), { construction: 'theorem-1' }), 'application/octet-stream'],
    [corollary1Csv(numbers), 'text/csv'],
    [errorsCsv(numbers), 'text/csv'],
    [projectionsCsv(numbers), 'text/csv'],
  ];
  return contents.map(([bytes, contentType], i) => ({ name: NAMES[i]!, bytes, contentType }));
}

export function parseNumbers(bytes: Buffer): TheoremNumbers {
  return TheoremNumbers.parse(JSON.parse(bytes.toString()));
}

export function corollary1Csv({ corollary1 }: TheoremNumbers): string {
  return csv(
    ['k', 'depth', 'width', 'weights', 'points_evaluated', 'error_float64', 'error_double_double'],
    corollary1.map(({ k, depth, width, weights, evaluated, largestError }) => [
      k,
      depth,
      width,
      weights,
      evaluated,
      largestError.float64,
      largestError.doubleDouble,
    ]),
  );
}

export const projectionsCsv = ({ errorByProjection }: TheoremNumbers) =>
  csv(COLUMNS, errorByProjection.map(cellsOf));

/** An empty error is not a finite number. */
export function errorsCsv({ errorAgainstN }: TheoremNumbers): string {
  return csv(
    [
      'n',
      'precision',
      'gap_fraction',
      'error_as_computed',
      'wrong_as_computed',
      'error_of_weights',
      'wrong_of_weights',
      'overflows_at',
    ],
    errorAgainstN.map(({ n, precision, gapFraction, asComputed, ofWeights, overflowsAt }) => [
      n,
      precision,
      gapFraction,
      asComputed.largestError,
      asComputed.wrong,
      ofWeights.largestError,
      ofWeights.wrong,
      overflowsAt,
    ]),
  );
}
