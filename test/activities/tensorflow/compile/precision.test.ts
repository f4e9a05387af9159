import { expect, test } from 'vitest';
import { batchNorm } from '../../../../activities/tensorflow/batch-norm.ts';
import { createProgram } from '../../../../activities/tensorflow/compile/compile.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import { inPrecision, type Precision } from '../../../../activities/tensorflow/compile/precision.ts';
import { DataType } from '../../../../activities/tensorflow/compile/tensor-types.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import { loadTensorFlow, type Tensor1D, type Tensor4D } from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();

const spec = (shape: number[]) => ({ dtype: 'float32', shape }) as const;
const SPECS = {
  inputs: { x: spec([2, 4, 4, 3]) },
  variables: { kernel: spec([3, 3, 3, 8]), shift: spec([8]) },
};

/** A convolution with batch norm and ReLU, and a step down its gradient. */
const fn: TensorFunction = ({ x }, { kernel, shift }) => {
  const loss = (k: typeof kernel) =>
    batchNorm(tf, tf.conv2d(x as Tensor4D, k as Tensor4D, 1, 'same'), shift as Tensor1D)
      .y.relu()
      .square()
      .sum();
  const { value, grad } = tf.valueAndGrad(loss as never)(kernel!);
  return { outputs: { loss: value }, updates: { kernel: kernel!.sub(grad.mul(0.01)) } };
};

/** The type that each node of an operation computes in. */
function typesIn(precision: Precision, op: string): number[] {
  const { nodes } = inPrecision(precision, trace(tf, loadGraphLibrary(), fn, SPECS));
  return nodes.filter((node) => node.op === op).map(({ attr: { T } }) => (T && 'type' in T ? T.type : 0));
}

test('in bfloat16 convolutions, batch norm and ReLU work on bfloat16, sums and updates on float32', () => {
  const low = [DataType.bfloat16];
  expect(typesIn('bfloat16', 'Conv2D')).toEqual(low);
  expect(typesIn('bfloat16', 'Conv2DBackpropFilter')).toEqual(low);
  expect(typesIn('bfloat16', 'FusedBatchNormV3')).toEqual(low);
  expect(typesIn('bfloat16', 'ReluGrad')).toEqual(low);
  expect(new Set(typesIn('bfloat16', 'Sum'))).toEqual(new Set([DataType.float32]));
  expect(new Set(typesIn('bfloat16', 'Sub'))).toEqual(new Set([DataType.float32]));
});

test.each(['float32', 'tf32'] as const)('in %s a graph stays as it was recorded', (precision) => {
  const traced = trace(tf, loadGraphLibrary(), fn, SPECS);
  expect(inPrecision(precision, traced)).toBe(traced);
});

const x = Float32Array.from({ length: 2 * 4 * 4 * 3 }, (_, i) => Math.sin(i + 1));
const kernel = Float32Array.from({ length: 3 * 3 * 3 * 8 }, (_, i) => Math.cos(i + 1));

async function stepIn(precision: Precision) {
  const program = createProgram(tf, { precision });
  await program.define({
    kernel: { shape: [3, 3, 3, 8], data: kernel },
    shift: { shape: [8], data: new Float32Array(8) },
  });
  const step = program.compile(fn, { variables: ['kernel', 'shift'] });
  const { loss } = await step.run({ x: { shape: [2, 4, 4, 3], data: x } });
  const after = await program.read(['kernel']);
  program.dispose();
  const moved = Float32Array.from(after.kernel!.data, (value, i) => value - kernel[i]!);
  return { loss: loss!.data[0]!, moved };
}

test('a step in bfloat16 is that in float32 but for the rounding of 8 bits', async () => {
  const exact = await stepIn('float32');
  const rounded = await stepIn('bfloat16');
  const relative = Math.abs(rounded.loss - exact.loss) / exact.loss;
  expect(relative).toBeGreaterThan(0); // or it was not computed in bfloat16 at all
  expect(relative).toBeLessThan(2 ** -7);
  const norm = (values: Float32Array) => Math.hypot(...values);
  const difference = norm(exact.moved.map((value, i) => value - rounded.moved[i]!));
  expect(difference / norm(exact.moved)).toBeLessThan(0.05); // a few roundings of 2⁻⁹ each, amplified by batch norm
});
