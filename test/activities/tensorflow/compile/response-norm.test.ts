import { expect, test } from 'vitest';
import { createProgram } from '../../../../activities/tensorflow/compile/compile.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import { ownResponseNorm } from '../../../../activities/tensorflow/compile/response-norm.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import { loadTensorFlow, type Tensor4D } from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();

// 3·12·12 = 432 rows are two blocks, the second not full; 11 channels are not a whole vector.
const SHAPE = [3, 12, 12, 11];
const SIZE = SHAPE.reduce((product, length) => product * length, 1);
const values = (frequency: number) =>
  Float32Array.from({ length: SIZE }, (_, i) => 3 * Math.sin(frequency * (i + 1)));

/** The normalised tensor and the gradient of a weighted sum of it. */
const normalised =
  (radius: number, beta: number): TensorFunction =>
  ({ x, weights }) => {
    const norm = (value: typeof x) =>
      tf.localResponseNormalization(value as Tensor4D, radius, 1.5, 0.2, beta);
    const gradient = tf.grad((value) => norm(value).mul(weights!).sum())(x!);
    return { outputs: { y: norm(x!), gradient } };
  };

test('normalisation and its gradient become operations of our own', () => {
  const spec = { dtype: 'float32', shape: SHAPE } as const;
  const specs = { inputs: { x: spec, weights: spec }, variables: {} };
  const { nodes } = ownResponseNorm(trace(tf, loadGraphLibrary(), normalised(4, 0.75), specs));
  const ops = nodes.map(({ op }) => op).filter((op) => /LRN|ResponseNorm/.test(op));
  expect(new Set(ops)).toEqual(new Set(['LocalResponseNorm', 'LocalResponseNormGrad']));
});

test.each([
  [4, 0.75], // AlexNet's
  [1, 0.75],
  [4, 0.6],
  [20, 0.75], // wider than there are channels
])('radius %i and exponent %d give what TensorFlow gives, and its gradient', async (radius, beta) => {
  const fn = normalised(radius, beta);
  const [x, weights] = [values(0.7), values(1.9)];
  const program = createProgram(tf, { precision: 'float32' });
  const ours = await program
    .compile(fn, { variables: [] })
    .run({ x: { shape: SHAPE, data: x }, weights: { shape: SHAPE, data: weights } });
  program.dispose();
  const theirs = tf.tidy(() => {
    const { outputs } = fn({ x: tf.tensor(x, SHAPE), weights: tf.tensor(weights, SHAPE) }, {});
    return { y: outputs.y!.dataSync(), gradient: outputs.gradient!.dataSync() };
  });
  const farthest = (one: ArrayLike<number>, other: ArrayLike<number>) =>
    Math.max(...Array.from(one, (value, i) => Math.abs(value - other[i]!)));
  expect(farthest(ours.y!.data, theirs.y)).toBeLessThan(2e-6); // values up to 3, float32
  expect(farthest(ours.gradient!.data, theirs.gradient)).toBeLessThan(5e-6);
});
