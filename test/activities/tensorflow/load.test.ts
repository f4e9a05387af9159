import { expect, test } from 'vitest';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';

test('the native backend is loaded and says its version', () => {
  const { tf, device, version } = loadTensorFlow();
  expect(tf.getBackend()).toBe('tensorflow');
  expect(['cpu', 'gpu']).toContain(device);
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
});

test('the gradient of ReLU passes where the output is positive, and nowhere else', () => {
  const { tf } = loadTensorFlow();
  const before = tf.memory().numTensors;
  const gradient = tf.tidy(() => [
    ...tf
      .grad((x) => x.relu().mul([5, 6, 7]).sum())(tf.tensor1d([-1, 0, 2]))
      .dataSync(),
  ]);
  expect(gradient).toEqual([0, 0, 7]);
  expect(tf.memory().numTensors).toBe(before);
});
