import { expect, test } from 'vitest';
import { canonical } from '../../../../activities/tensorflow/compile/canonical.ts';
import { createProgram } from '../../../../activities/tensorflow/compile/compile.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import { loadTensorFlow, type Tensor, type Tensor4D } from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();

const spec = (shape: number[]) => ({ dtype: 'float32', shape }) as const;
const X = [2, 5, 5, 3];
const SPECS = { inputs: { x: spec(X) }, variables: { kernel: spec([3, 3, 3, 4]), bias: spec([4]) } };

/** A convolution with a bias and ReLU, and the gradient in the bias. */
const shifted: TensorFunction = ({ x }, { kernel, bias }) => {
  const loss = (b: Tensor) =>
    tf
      .conv2d(x as Tensor4D, kernel as Tensor4D, 1, 'same')
      .add(b)
      .relu()
      .square()
      .sum();
  const { value, grad } = tf.valueAndGrad(loss as never)(bias!);
  return { outputs: { value, grad } };
};

const opsOf = (fn: TensorFunction) =>
  canonical(trace(tf, loadGraphLibrary(), fn, SPECS)).nodes.map(({ op }) => op);

test("a convolution's bias is a BiasAdd, and its gradient a BiasAddGrad", () => {
  const ops = opsOf(shifted);
  expect(ops.filter((op) => op.startsWith('BiasAdd'))).toEqual(['BiasAdd', 'BiasAddGrad']);
});

test('sums over other axes, and of what is no convolution, stay as they are', () => {
  const ops = opsOf(({ x }, { bias }) => ({
    outputs: {
      columns: x!.sum([0, 1, 3]),
      kept: x!.sum([0, 1, 2], true),
      all: x!.sum(),
      shifted: tf.ones([2, 4]).add(bias!),
    },
  }));
  expect(ops.filter((op) => op.startsWith('BiasAdd'))).toEqual([]);
});

test('what is reshaped to the shape that it has is itself', () => {
  const { nodes, outputs } = canonical(
    trace(
      tf,
      loadGraphLibrary(),
      ({ x }) => ({ outputs: { same: x!.reshape(X).reshape(X).neg(), flat: x!.reshape([-1]).neg() } }),
      SPECS,
    ),
  );
  const read = (ref: string) => nodes.find(({ name }) => `${name}:0` === ref)!.input[0]!;
  expect(read(outputs.same!)).toBe('input/x:0');
  expect(read(read(outputs.flat!))).toBe('input/x:0');
});

test('both give what the general operations give', async () => {
  const values = (shape: number[], frequency: number) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
      Math.sin(frequency * (i + 1)),
    ),
  });
  const variables = { kernel: values([3, 3, 3, 4], 1.1), bias: values([4], 0.3) };
  const x = values(X, 0.7);
  const program = createProgram(tf, { precision: 'float32' });
  await program.define(variables);
  const ours = await program.compile(shifted, { variables: ['kernel', 'bias'] }).run({ x });
  program.dispose();
  const theirs = tf.tidy(() => {
    const tensor = ({ shape, data }: typeof x) => tf.tensor(data, shape);
    const { outputs } = shifted(
      { x: tensor(x) },
      { kernel: tensor(variables.kernel), bias: tensor(variables.bias) },
    );
    return { value: outputs.value!.dataSync(), grad: outputs.grad!.dataSync() };
  });
  expect(ours.value!.data[0]! / theirs.value[0]!).toBeCloseTo(1, 5); // float32
  for (const [i, slope] of theirs.grad.entries()) expect(ours.grad!.data[i]! / slope).toBeCloseTo(1, 5);
});
