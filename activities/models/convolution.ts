/** Convolutions, always with SAME padding, and what follows them. */
import { batchNorm, EPSILON } from '../tensorflow/batch-norm.ts';
import type { Rank, Tensor2D, Tensor4D } from '../tensorflow/load.ts';
import { type Layer, named, type Pass, type Variable } from './layer.ts';
import { type ModuleKind, structuresOf } from './structure.ts';

export type Layer4D = Layer<Tensor4D, Tensor4D>;

/** [B, H, W, in] -> [B, H / stride, W / stride, out] */
export interface Convolution {
  side: number;
  stride: 1 | 2;
  channels: { in: number; out: number };
  batchNorm: boolean;
}

/** Convolution, then batch norm or a bias, then ReLU (Figure 3's conv module). A bias before batch norm would do
 *  nothing, since the mean is subtracted: with one parameter a filter in either form both Inceptions count
 *  1,649,402, as the paper has it. */
export function convModule(
  name: string,
  { side, stride, channels, batchNorm: normed }: Convolution,
): Layer4D {
  const kernel: Variable<Rank.R4> = {
    name: `${name}/kernel`,
    shape: [side, side, channels.in, channels.out],
    kind: 'kernel',
  };
  const shift: Variable<Rank.R1> = {
    name: `${name}/${normed ? 'shift' : 'bias'}`,
    shape: [channels.out],
    kind: normed ? 'shift' : 'bias',
  };
  return {
    variables: [kernel, shift],
    apply(x, pass) {
      if (normed) return normalisedConv(x, { name, kernel, shift, stride, padding: 'same' }, pass);
      const { tf, weights } = pass;
      return tf.conv2d(x, named(weights, kernel), stride, 'same').add<Tensor4D>(named(weights, shift)).relu();
    },
    structure: { op: 'convolution', kernel, offset: shift, stride },
  };
}

/** Convolution, batch norm with a shift and no scale, ReLU. With fixed statistics batch norm is linear, and part of the
 *  convolution: (x ∗ k − mean)·s + b = x ∗ k·s + (b − mean·s). */
export function normalisedConv(
  x: Tensor4D,
  {
    name,
    kernel,
    shift,
    stride,
    padding,
  }: {
    name: string;
    kernel: Variable<Rank.R4>;
    shift: Variable<Rank.R1>;
    stride: number;
    padding: 'same' | 'valid';
  },
  { tf, weights, statistics }: Pass,
): Tensor4D {
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
    .add<Tensor4D>(b.sub(mean.mul(scale)))
    .relu();
}

const POOL = { side: 3, stride: 2 };

/** 3×3 windows, two apart: [B, H, W, C] -> [B, ⌈H / 2⌉, ⌈W / 2⌉, C]. */
export const maxPool: Layer4D = {
  variables: [],
  apply: (x, { tf }) => tf.maxPool(x, POOL.side, POOL.stride, 'same'),
  structure: { op: 'max-pool', ...POOL },
};

/** [B, H, W, C] -> [B, C] */
export const meanPool: Layer<Tensor4D, Tensor2D> = {
  variables: [],
  apply: (x) => x.mean([1, 2]),
  structure: { op: 'mean-pool' },
};

/** [B, H, W, C] -> [B, H·W·C]; features: H·W·C. */
export const flatten = (features: number): Layer<Tensor4D, Tensor2D> => ({
  variables: [],
  apply: (x) => x.reshape([-1, features]),
  structure: { op: 'flatten' },
});

/** Several layers side by side on the same input, their outputs behind one another in the channels. */
export function concat(...branches: Layer4D[]): Layer4D {
  const structures = structuresOf(branches);
  return {
    variables: branches.flatMap(({ variables }) => variables),
    apply: (x, pass) =>
      pass.tf.concat(
        branches.map((branch) => branch.apply(x, pass)),
        3,
      ),
    structure: structures && { op: 'concat', branches: structures },
  };
}

/** A layer under the name that Figure 3 has for its kind. */
export function asModule(kind: ModuleKind, name: string, layer: Layer4D): Layer4D {
  return { ...layer, structure: layer.structure && { op: 'module', kind, name, inside: layer.structure } };
}
