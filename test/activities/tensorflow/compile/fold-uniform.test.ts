import { expect, test } from 'vitest';
import { constantOf } from '../../../../activities/tensorflow/compile/constants.ts';
import { foldUniform } from '../../../../activities/tensorflow/compile/fold-uniform.ts';
import { indexed } from '../../../../activities/tensorflow/compile/indexed.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import { loadTensorFlow, type Tensor } from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();

const spec = (...shape: number[]) => ({ dtype: 'float32', shape }) as const;

/** The shapes of the factors of the result, and the value of the second if it is a number. */
function factors(result: (x: Tensor) => Tensor) {
  const fn: TensorFunction = ({ x }) => ({ outputs: { result: result(x!) } });
  const specs = { inputs: { x: spec(4, 3) }, variables: {} };
  const folded = foldUniform(trace(tf, loadGraphLibrary(), fn, specs));
  const graph = indexed(folded);
  const { op, input } = graph.node(folded.outputs.result!)!;
  expect(op).toBe('Mul');
  return { ranks: input.map((ref) => graph.rank(ref)), number: constantOf(graph.node(input[1]!)) };
}

test('a product with one number over and over, however it was made, is one with the number', () => {
  const number = Math.fround(Math.fround(3 * 0.5) / 7);
  const four = (value: number) => tf.tensor1d(Array(4).fill(value));
  const uniform = () => four(3).mul(four(0.5)).div(four(7)).expandDims(1);
  expect(factors((x) => x.mul(uniform()))).toEqual({ ranks: [2, 0], number });
  expect(factors((x) => uniform().mul(x))).toEqual({ ranks: [2, 0], number });
});

test('a product with different numbers, or that is larger than its factor, stays', () => {
  expect(factors((x) => x.mul(tf.tensor1d([1, 2, 3]))).ranks).toEqual([2, 1]);
  expect(factors((x) => x.slice([0, 0], [1, 3]).mul(tf.tensor2d(Array(12).fill(2), [4, 3]))).ranks).toEqual([
    2, 2,
  ]);
});

test('the gradient of a mean is a product with a number', () => {
  const { ranks, number } = factors((x) =>
    tf
      .grad((y) => y.square().mean())(x)
      .mul(1),
  );
  expect([ranks[0], number]).toEqual([2, 1]);
});
