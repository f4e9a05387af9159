/** Convolutions with batch norm as Inception V3 has them: filters that need not be square, padding that need not be
 *  SAME. The small networks' conv module is in `convolution.ts`. */
import { batchNorm, EPSILON } from '../tensorflow/batch-norm.ts';
import type { Rank } from '../tensorflow/load.ts';
import type { Layer4D } from './convolution.ts';
import { named, type Variable } from './layer.ts';

/** VALID, as TensorFlow calls it: [B, H, W, C] -> [B, ⌊(H − side) / stride⌋ + 1, …]; SAME: ⌈H / stride⌉. */
export interface Window {
  stride: number;
  padding: 'same' | 'valid';
}

/** Rows × columns of a filter. */
export type Filter = readonly [rows: number, columns: number];

/** Convolution, batch norm with a shift and no scale, ReLU. With fixed statistics batch norm is a part of the
 *  convolution, as in `convModule`. */
export function factorisedConv(
  name: string,
  [rows, columns]: Filter,
  { stride, padding }: Window,
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
    apply(x, { tf, weights, statistics }) {
      const k = named(weights, kernel);
      const b = named(weights, shift);
      if (statistics.of === 'batch') {
        const { y, mean, variance } = batchNorm(tf, tf.conv2d(x, k, stride, padding), b);
        statistics.collect?.(name, mean, variance);
        return y.relu();
      }
      const mean = named<Rank.R1>(statistics.values, { ...shift, name: `${name}/mean` });
      const variance = named<Rank.R1>(statistics.values, { ...shift, name: `${name}/variance` });
      const scale = variance.add(EPSILON).rsqrt();
      return tf
        .conv2d(x, k.mul(scale), stride, padding)
        .add<typeof x>(b.sub(mean.mul(scale)))
        .relu();
    },
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
