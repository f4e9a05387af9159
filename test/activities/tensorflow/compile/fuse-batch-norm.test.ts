import { expect, test } from 'vitest';
import { batchNorm } from '../../../../activities/tensorflow/batch-norm.ts';
import { createProgram } from '../../../../activities/tensorflow/compile/compile.ts';
import { fuseBatchNorm } from '../../../../activities/tensorflow/compile/fuse-batch-norm.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import { inPrecision, type Precision } from '../../../../activities/tensorflow/compile/precision.ts';
import type { HostTensor } from '../../../../activities/tensorflow/compile/tensor-types.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import {
  loadTensorFlow,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();

// 3·20·20 = 1,200 rows are several blocks, the last of them not full; the values lie far from 0.
const X = [3, 20, 20, 16];
const wave = (shape: number[], frequency: number): HostTensor => ({
  shape,
  data: Float32Array.from(
    { length: shape.reduce((product, length) => product * length, 1) },
    (_, i) => 5 + Math.sin(frequency * (i + 1)) * (1 + (i % 7)),
  ),
});
const VARIABLES: Record<string, HostTensor> = {
  x: wave(X, 0.7),
  other: wave([3, 20, 20, 5], 1.3),
  weights: wave([3, 20, 20, 32], 2.1),
  shift: { shape: [16], data: Float32Array.from({ length: 16 }, (_, i) => (i - 8) / 10) },
  otherShift: { shape: [5], data: Float32Array.of(0.1, -0.2, 0.3, 0, 1) },
};

const norm = (x: Tensor, shift: Tensor) => batchNorm(tf, x as Tensor4D, shift as Tensor1D);
const normed = (x: Tensor, shift: Tensor) => norm(x, shift).y.relu();

/** A loss of some tensors, and its gradients in `x`, `other`, `shift` and `otherShift`. */
function differentiated(loss: (v: NamedTensorMap, weights: Tensor) => Tensor): TensorFunction {
  const names = ['x', 'other', 'shift', 'otherShift'];
  return (_, variables) => {
    const of = (...tensors: Tensor[]): Scalar =>
      loss(
        Object.fromEntries(tensors.map((tensor, i) => [names[i]!, tensor])),
        variables.weights!,
      ).sum<Scalar>();
    const { value, grads } = tf.valueAndGrads(of)(names.map((name) => variables[name]!));
    const gradients = Object.fromEntries(grads.map((gradient, i) => [`d-${names[i]!}`, gradient]));
    return { outputs: { value, ...gradients } };
  };
}

const first = (weights: Tensor, channels: number) => weights.slice([0, 0, 0, 0], [-1, -1, -1, channels]);

const ALONE = differentiated(({ x, shift, other, otherShift }, weights) => {
  const rest = other!.sum().mul(0).add(otherShift!.sum().mul(0));
  return normed(x!, shift!).mul(first(weights, 16)).sum().add(rest);
});
const CONCATENATED = differentiated(({ x, shift, other, otherShift }, weights) => {
  const parts = [normed(x!, shift!), normed(other!, otherShift!)] as Tensor4D[];
  return tf.concat(parts, 3).mul(first(weights, 21));
});
const WITH_A_PLAIN_PART = differentiated(({ x, shift, other, otherShift }, weights) => {
  const rest = otherShift!.sum().mul(0);
  const parts = [normed(x!, shift!), other!.square()] as Tensor4D[];
  return tf.concat(parts, 3).mul(first(weights, 21)).sum().add(rest);
});
const READ_TWICE = differentiated(({ x, shift, other, otherShift }, weights) => {
  const rest = otherShift!.sum().mul(0);
  const y = tf.concat([normed(x!, shift!), other!] as Tensor4D[], 3);
  return y.mul(first(weights, 21)).add(y.square()).sum().add(rest); // two gradients, which are added up
});

const CASES: [string, TensorFunction, branches: number, gradients: number][] = [
  ['batch norm and ReLU alone', ALONE, 1, 1],
  ['two of them behind one another', CONCATENATED, 2, 1],
  ['one of them behind another tensor', WITH_A_PLAIN_PART, 2, 1],
  ['one of them that two operations read', READ_TWICE, 2, 2],
];

const SPECS = {
  inputs: {},
  variables: Object.fromEntries(
    Object.entries(VARIABLES).map(([name, { shape }]) => [name, { dtype: 'float32', shape } as const]),
  ),
};

const nodesOf = (fn: TensorFunction, precision: Precision = 'float32') =>
  fuseBatchNorm(inPrecision(precision, trace(tf, loadGraphLibrary(), fn, SPECS))).nodes;

test.each(CASES)('%s become one operation each way', (_, fn, branches, gradients) => {
  const nodes = nodesOf(fn);
  const fused = nodes.filter(({ op }) => op.startsWith('BatchNormReluConcat'));
  expect(fused.map(({ op, attr }) => [op, attr.N, attr.M])).toEqual([
    ['BatchNormReluConcat', { i: branches }, undefined],
    ['BatchNormReluConcatGrad', { i: branches }, { i: gradients }],
  ]);
  const left = nodes.map(({ op }) => op);
  for (const op of ['FusedBatchNormV3', 'FusedBatchNormGradV3', 'Relu', 'ReluGrad', 'ConcatV2', 'SplitV']) {
    expect(left).not.toContain(op);
  }
});

async function compiled(fn: TensorFunction, precision: Precision = 'float32') {
  const program = createProgram(tf, { precision });
  await program.define(VARIABLES);
  const outputs = await program.compile(fn, { variables: Object.keys(VARIABLES) }).run({});
  program.dispose();
  return outputs;
}

const eager = (fn: TensorFunction): Record<string, HostTensor> =>
  tf.tidy(() => {
    const variables = Object.fromEntries(
      Object.entries(VARIABLES).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
    );
    const { outputs } = fn({}, variables);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [
        name,
        { shape: tensor.shape, data: tensor.dataSync() as Float32Array },
      ]),
    ) as never;
  });

/** The largest difference over the largest value. */
function farthest(ours: HostTensor, theirs: HostTensor): number {
  const [one, other] = [[...ours.data], [...theirs.data]];
  const scale = Math.max(...other.map(Math.abs));
  const far = Math.max(...one.map((value, i) => Math.abs(value - other[i]!)));
  return far / Math.max(scale, 1e-30);
}

test.each(CASES)('%s give what the operations they stand for give, and their gradients', async (_, fn) => {
  const ours = await compiled(fn);
  const theirs = eager(fn);
  for (const [name, tensor] of Object.entries(theirs)) {
    expect(farthest(ours[name]!, tensor), name).toBeLessThan(2e-6); // sums of 1,200 values in another order
  }
});

test('statistics come out as those of the operation that is replaced', async () => {
  const fn: TensorFunction = (_, { x, shift }) => {
    const { y, mean, variance } = norm(x!, shift!);
    return { outputs: { y: y.relu(), mean, variance } };
  };
  expect(nodesOf(fn).map(({ op }) => op)).toContain('BatchNormReluConcat');
  const ours = await compiled(fn);
  for (const [name, tensor] of Object.entries(eager(fn))) {
    expect(farthest(ours[name]!, tensor), name).toBeLessThan(1e-6);
  }
});

test('in bfloat16 activations are rounded, and sums and statistics are not', async () => {
  // A convolution before it, or nothing would be in bfloat16.
  const fn: TensorFunction = (_, { x, shift }) => {
    const identity = tf.eye(16).as4D(1, 1, 16, 16);
    const { y, mean } = norm(tf.conv2d(x as Tensor4D, identity, 1, 'same'), shift!);
    return { outputs: { y: y.relu(), mean } };
  };
  expect(nodesOf(fn, 'bfloat16').find(({ op }) => op === 'BatchNormReluConcat')!.attr.T).toEqual({
    type: 14,
  });
  const [rounded, exact] = [await compiled(fn, 'bfloat16'), await compiled(fn)];
  expect(farthest(rounded.y!, exact.y!)).toBeLessThan(2 ** -7);
  expect(farthest(rounded.y!, exact.y!)).toBeGreaterThan(2 ** -12);
  expect(farthest(rounded.mean!, exact.mean!)).toBeLessThan(2 ** -9); // a mean of 1,200 rounded values
});

test('the same bits come out however the work falls on the threads', async () => {
  const once = await compiled(CONCATENATED);
  for (let i = 0; i < 5; i++) expect(await compiled(CONCATENATED)).toEqual(once);
});

test('a concatenation along another axis stays, and what it joins is fused alone', () => {
  const ops = nodesOf((_, { x, shift }) => {
    const y = normed(x!, shift!) as Tensor4D;
    return { outputs: { y: tf.concat([y, x as Tensor4D], 0) } };
  }).map(({ op }) => op);
  expect(ops.filter((op) => /^(ConcatV2|BatchNormReluConcat)$/.test(op)).sort()).toEqual([
    'BatchNormReluConcat',
    'ConcatV2',
  ]);
});

test.each<[string, TensorFunction]>([
  [
    'without ReLU',
    differentiated(({ x, shift, other, otherShift }, weights) =>
      norm(x!, shift!).y.mul(first(weights, 16)).sum().add(other!.sum().add(otherShift!.sum())),
    ),
  ],
  [
    'that something else reads before its ReLU',
    differentiated(({ x, shift, other, otherShift }, weights) => {
      const { y } = norm(x!, shift!);
      return y.relu().mul(first(weights, 16)).add(y).sum().add(other!.sum().add(otherShift!.sum()));
    }),
  ],
  [
    'by given statistics',
    (_, { x, shift }) => {
      const [mean, variance] = [tf.zeros([16]), tf.ones([16])] as Tensor1D[];
      return { outputs: { y: tf.batchNorm4d(x as Tensor4D, mean!, variance!, shift as Tensor1D).relu() } };
    },
  ],
  [
    'with a scale',
    (_, { x, shift }) => {
      const inputs = { x: x!, scale: shift!, shift: shift! };
      const [y] = tf.engine().runKernel<Tensor[]>('FusedBatchNormV3', inputs);
      return { outputs: { y: y!.relu() } };
    },
  ],
])('a batch norm %s stays as it is', (_, fn) => {
  expect(nodesOf(fn).map(({ op }) => op)).not.toContain('BatchNormReluConcat');
});
