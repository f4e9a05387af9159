/** Convolutions with batch norm as Inception V3 has them: filters that need not be square, padding that need not be
 *  SAME. The small networks' conv module is in `convolution.ts`. */
import type { Rank } from '../tensorflow/load.ts';
import { type Layer4D, normalisedConv } from './convolution.ts';
import type { Variable } from './layer.ts';

/** VALID, as TensorFlow calls it: [B, H, W, C] -> [B, ⌊(H − side) / stride⌋ + 1, …]; SAME: ⌈H / stride⌉. */
export interface Window {
  stride: number;
  padding: 'same' | 'valid';
}

/** Rows × columns of a filter. */
export type Filter = readonly [rows: number, columns: number];

/** Convolution, batch norm, ReLU. */
export function factorisedConv(
  name: string,
  [rows, columns]: Filter,
  window: Window,
  channels: { in: number; out: number },
): Layer4D {
  const kernel: Variable<Rank.R4> = {
    name: `${name}/kernel`,
    shape: [rows, columns, channels.in, channels.out],
    kind: 'kernel',
  };
  const shift: Variable<Rank.R1> = { name: `${name}/shift`, shape: [channels.out], kind: 'shift' };
  return {
    variables: [kernel, shift],
    apply: (x, pass) => normalisedConv(x, { name, kernel, shift, ...window }, pass),
  };
}

/** side × side windows. */
export function maxPooling(side: number, { stride, padding }: Window): Layer4D {
  return { variables: [], apply: (x, { tf }) => tf.maxPool(x, side, stride, padding) };
}

/** side × side windows; at the edge over what lies inside the image. */
export function averagePooling(side: number, { stride, padding }: Window): Layer4D {
  return { variables: [], apply: (x, { tf }) => tf.avgPool(x, side, stride, padding) };
}
