import { expect, test } from 'vitest';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { crossEntropy, weightPenalty } from '../../../activities/training/loss.ts';

const { tf } = loadTensorFlow();

test('the loss of equal logits is ln 10', () => {
  const loss = tf.tidy(() =>
    crossEntropy(tf, tf.zeros([4, 10]).as2D(4, 10), tf.tensor1d([0, 3, 9, 9], 'int32')).dataSync(),
  );
  expect(loss[0]).toBeCloseTo(Math.LN10, 6); // float32
});

test('the loss is the mean of −log softmax at the labels', () => {
  const logits = [0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, -1];
  const loss = tf.tidy(() =>
    crossEntropy(tf, tf.tensor2d(logits, [2, 10]), tf.tensor1d([2, 9], 'int32')).dataSync(),
  );
  // NumPy: p = exp(l) / exp(l).sum(1, keepdims=True); -log(p[[0, 1], [2, 9]]).mean()
  expect(loss[0]).toBeCloseTo(2.62229275, 6);
});

test('the loss of a large logit is finite', () => {
  const logits = [1000, ...Array.from({ length: 9 }, () => 0)];
  const loss = tf.tidy(() =>
    crossEntropy(tf, tf.tensor2d(logits, [1, 10]), tf.tensor1d([1], 'int32')).dataSync(),
  );
  expect(loss[0]).toBe(1000);
});

test('the penalty is half the coefficient times the sum of squares of all kernels', () => {
  const penalty = tf.tidy(() => weightPenalty(tf, [tf.tensor([1, -2]), tf.tensor([[3]])], 0.5).dataSync());
  expect(penalty[0]).toBe(3.5); // 0.5 / 2 · (1 + 4 + 9)
});
