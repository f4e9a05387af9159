import { expect, test } from 'vitest';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { descend } from '../../../activities/training/momentum.ts';

const { tf } = loadTensorFlow();

test('a step adds the gradient to the decayed momentum and goes that far down, times the rate', () => {
  const { weights, momenta } = tf.tidy(() => {
    const next = descend(
      { weights: [tf.tensor([1, 2])], momenta: [tf.tensor([0.5, -1])], gradients: [tf.tensor([3, 4])] },
      { learningRate: tf.scalar(0.25), momentum: 0.5 },
    );
    return { weights: next.weights[0]!.arraySync(), momenta: next.momenta[0]!.arraySync() };
  });
  expect(momenta).toEqual([3.25, 3.5]); // 0.5 · 0.5 + 3, 0.5 · −1 + 4
  expect(weights).toEqual([0.1875, 1.125]); // 1 − 0.25 · 3.25, 2 − 0.25 · 3.5
});

test('a change of the rate acts on the whole of the momentum at once', () => {
  const weights = tf.tidy(() => {
    const from = { weights: [tf.tensor([1])], momenta: [tf.tensor([8])], gradients: [tf.tensor([0])] };
    return descend(from, { learningRate: tf.scalar(0), momentum: 0.5 }).weights[0]!.arraySync();
  });
  expect(weights).toEqual([1]);
});
