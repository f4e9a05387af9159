import { expect, test } from 'vitest';
import { batchNorm, EPSILON } from '../../../activities/tensorflow/batch-norm.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { derivative } from './derivative.ts';

const { tf } = loadTensorFlow();

// Three values a channel; over batch, rows and columns they are the same thing.
const X = [1, 2, 3, 4, 5, 9];
const SHIFT = [0.5, -1];
const SIDEWAYS = [1, -2, 3, 0.4, 0.5, 0.9]; // any weights, so that no gradient vanishes

/** The formula, in float64. x: [3, 1, 1, 2] */
function formula(x: number[], shift: number[]): number[] {
  return x.map((value, i) => {
    const channel = x.filter((_, k) => k % 2 === i % 2);
    const mean = channel.reduce((sum, other) => sum + other, 0) / 3;
    const variance = channel.reduce((sum, other) => sum + (other - mean) ** 2, 0) / 3;
    return (value - mean) / Math.sqrt(variance + EPSILON) + shift[i % 2]!;
  });
}

const weighted = (y: number[]) => y.reduce((sum, value, i) => sum + SIDEWAYS[i]! * value, 0);

test('batch norm subtracts the mean, divides by the biased deviation and adds the shift', () => {
  const y = tf.tidy(() => [...batchNorm(tf, tf.tensor4d(X, [3, 1, 1, 2]), tf.tensor1d(SHIFT)).y.dataSync()]);
  // NumPy: (x - x.mean(0)) / np.sqrt(x.var(0) + 0.001) + shift
  const expected = [-0.7245153, -2.01899054, 0.5, -1.33966351, 1.7245153, 0.35865406];
  for (const [i, value] of y.entries()) expect(value).toBeCloseTo(expected[i]!, 5); // float32
});

test('it gives the mean and the unbiased variance of the batch', () => {
  const statistics = tf.tidy(() => {
    const { mean, variance } = batchNorm(tf, tf.tensor4d(X, [3, 1, 1, 2]), tf.tensor1d(SHIFT));
    return { mean: [...mean.dataSync()], variance: [...variance.dataSync()] };
  });
  expect(statistics).toEqual({ mean: [3, 5], variance: [4, 13] }); // x.mean(0), x.var(0, ddof=1)
});

test('its gradients are those of finite differences, in the input and in the shift', () => {
  const [dx, dShift] = tf.tidy(() =>
    tf
      .grads((x, shift) =>
        batchNorm(tf, x.as4D(3, 1, 1, 2), shift.as1D())
          .y.flatten()
          .dot(tf.tensor1d(SIDEWAYS)),
      )([tf.tensor1d(X), tf.tensor1d(SHIFT)])
      .map((gradient) => [...gradient.dataSync()]),
  );
  const expectedX = derivative((x) => weighted(formula(x, SHIFT)), X);
  const expectedShift = derivative((shift) => weighted(formula(X, shift)), SHIFT);
  for (const [i, value] of expectedX.entries()) expect(dx![i]).toBeCloseTo(value, 3); // float32, sums of six terms
  for (const [i, value] of expectedShift.entries()) expect(dShift![i]).toBeCloseTo(value, 5);
});

test('a gradient of it leaves as many tensors as there were', () => {
  const before = tf.memory();
  tf.tidy(() => {
    tf.grads((x, shift) => batchNorm(tf, x.as4D(3, 1, 1, 2), shift.as1D()).y.sum())([
      tf.tensor1d(X),
      tf.tensor1d(SHIFT),
    ]);
  });
  expect(tf.memory()).toMatchObject({
    numTensors: before.numTensors,
    numDataBuffers: before.numDataBuffers,
  });
});
