/** Theorem 1's network as dense layers, the way TensorFlow.js and safetensors hold them: d → 1 → n → 1,
 *    projection/kernel [d, 1]  a        projection/bias [1]  0, fixed
 *    hidden/kernel     [1, n]  1, fixed hidden/bias     [n]  −b
 *    output/kernel     [n, 1]  w        output/bias     [1]  0, fixed
 *  with a ReLU behind `hidden` alone. Of its 3n + d + 2 numbers 2n + d are weights: as an untied d → n → 1 layer the
 *  same function would have nd + 2n. */
import { Failure } from '../failure/failure.ts';
import type { NamedArray, NamedArrays } from '../tensorflow/named-arrays.ts';
import type { Network } from './theorem-1.ts';

/** Without a rounding: a network that float32 does not hold is refused, since a bias that moves changes every weight
 *  behind it. The projection integers-24 builds networks for it. */
export function tiedNetwork({ a, b, w }: Network): NamedArrays {
  const n = b.length;
  return {
    'projection/kernel': array('projection', a, [a.length, 1]),
    'projection/bias': { shape: [1], data: new Float32Array(1) },
    'hidden/kernel': { shape: [1, n], data: new Float32Array(n).fill(1) },
    'hidden/bias': array(
      'bias',
      b.map((value) => 0 - value),
      [n],
    ),
    'output/kernel': array('weight', w, [n, 1]),
    'output/bias': { shape: [1], data: new Float32Array(1) },
  };
}

function array(name: string, values: Float64Array, shape: number[]): NamedArray {
  const data = Float32Array.from(values);
  const lost = values.findIndex((value, i) => value !== data[i]);
  if (lost >= 0) {
    throw new Failure(
      'InvalidInput',
      `Number ${lost} of the ${name} is ${values[lost]}, which float32 does not hold: build the network from points of ` +
        'whole numbers with the projection integers-24.',
    );
  }
  return { shape, data };
}
