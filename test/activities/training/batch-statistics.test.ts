import { expect, test } from 'vitest';
import { convModule } from '../../../activities/models/convolution.ts';
import type { Architecture } from '../../../activities/models/network.ts';
import { network } from '../../../activities/models/network.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { batchStatistics } from '../../../activities/training/batch-statistics.ts';

const { tf } = loadTensorFlow();

/** A module whose one filter passes its one channel on as it is. */
const layer = convModule('conv', { side: 1, stride: 1, channels: { in: 1, out: 1 }, batchNorm: true });
const one: Architecture = {
  variables: layer.variables,
  apply: (images, pass) => layer.apply(images, pass).as2D(-1, 2),
};
const weights = { 'conv/kernel': tf.ones([1, 1, 1, 1]), 'conv/shift': tf.zeros([1]) };

const read = (images: number[], batchSize: number) =>
  tf.tidy(() => {
    const n = images.length / 2; // two pixels each
    const statistics = batchStatistics(one, { tf, weights }, tf.tensor4d(images, [n, 1, 2, 1]), {
      count: n,
      batchSize,
    });
    return [statistics['conv/mean']!.dataSync()[0], statistics['conv/variance']!.dataSync()[0]];
  });

test('the statistics of one batch are its mean and its unbiased variance', () => {
  expect(read([1, 2, 3, 6], 2)).toEqual([3, expect.closeTo(14 / 3, 5)]); // deviations −2, −1, 0, 3
});

test('the statistics of several batches are averaged by size', () => {
  // [1, 2, 3, 6] as above; [10, 14] has mean 12 and variance 8, and half its weight.
  expect(read([1, 2, 3, 6, 10, 14], 2)).toEqual([
    expect.closeTo((2 * 3 + 12) / 3, 5),
    expect.closeTo(((2 * 14) / 3 + 8) / 3, 5),
  ]);
});

test('evaluation with the statistics of a batch gives what training gives on that batch', () => {
  const images = tf.tensor4d([1, 2, 3, 6], [2, 1, 2, 1]);
  const [trained, evaluated] = tf.tidy(() => {
    // The batch's own variance, biased as training has it: 14 / 4.
    const values = { 'conv/mean': tf.tensor1d([3]), 'conv/variance': tf.tensor1d([3.5]) };
    return [
      one.apply(images, { tf, weights, statistics: { of: 'batch' } }).dataSync(),
      one.apply(images, { tf, weights, statistics: { of: 'training-set', values } }).dataSync(),
    ];
  });
  for (const [i, value] of trained!.entries()) expect(evaluated![i]).toBeCloseTo(value, 5);
  images.dispose();
});

test('they leave two tensors a layer, and none for a network without batch norm', () => {
  const images = tf.ones([4, 1, 2, 1]).as4D(4, 1, 2, 1);
  const before = tf.memory().numTensors;
  const statistics = batchStatistics(one, { tf, weights }, images, { count: 4, batchSize: 3 });
  expect(tf.memory().numTensors).toBe(before + 2);
  tf.dispose(statistics);
  const none = batchStatistics(network('mlp-1x512'), { tf, weights: {} }, images, { count: 4, batchSize: 3 });
  expect(none).toEqual({});
});
