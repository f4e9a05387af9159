import { expect, test } from 'vitest';
import { convModule } from '../../../activities/models/convolution.ts';
import type { Architecture } from '../../../activities/models/network.ts';
import { network } from '../../../activities/models/network.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import {
  averageStatistics,
  batchStatistics,
  statisticsOf,
} from '../../../activities/training/batch-statistics.ts';

const { tf } = loadTensorFlow();

/** A module whose one filter passes its one channel on as it is. */
const layer = convModule('conv', { side: 1, stride: 1, channels: { in: 1, out: 1 }, batchNorm: true });
const one: Architecture = {
  variables: layer.variables,
  apply: (images, pass) => layer.apply(images, pass).as2D(-1, 2),
};
const weights = { 'conv/kernel': tf.ones([1, 1, 1, 1]), 'conv/shift': tf.zeros([1]) };

const read = (images: number[]) =>
  tf.tidy(() => {
    const n = images.length / 2; // two pixels each
    const statistics = batchStatistics(one, { tf, weights }, tf.tensor4d(images, [n, 1, 2, 1]));
    return [statistics['conv/mean']!.dataSync()[0], statistics['conv/variance']!.dataSync()[0]];
  });

test('the statistics of one batch are its mean and its unbiased variance', () => {
  expect(read([1, 2, 3, 6])).toEqual([3, expect.closeTo(14 / 3, 5)]); // deviations −2, −1, 0, 3
});

test('the statistics of several batches are averaged by size', () => {
  const of = (size: number, mean: number, variance: number) => ({
    size,
    statistics: {
      'conv/mean': { shape: [1], data: Float32Array.of(mean) },
      'conv/variance': { shape: [1], data: Float32Array.of(variance) },
    },
  });
  const averages = averageStatistics([of(2, 3, 5), of(1, 12, 8)]);
  expect(averages).toEqual({
    'conv/mean': { shape: [1], data: Float32Array.of(6) }, // (2·3 + 12) / 3
    'conv/variance': { shape: [1], data: Float32Array.of(6) }, // (2·5 + 8) / 3
  });
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

test('a network has a mean and a variance for every shift, and none without batch norm', () => {
  const names = statisticsOf(network('inception'));
  expect(names).toHaveLength(38); // 19 convolutions
  expect(names[1]).toEqual({ name: 'conv-1/variance', shape: [96] });
  expect(statisticsOf(network('mlp-1x512'))).toEqual([]);
});
