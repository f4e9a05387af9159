import { expect, test } from 'vitest';
import type { Architecture } from '../../../activities/models/network.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { accuracy, ranges } from '../../../activities/training/evaluate.ts';

const { tf } = loadTensorFlow();

/** Answers with the class that an image consists of. */
const reader: Architecture = {
  variables: [],
  apply: (images) => tf.oneHot(images.mean([1, 2, 3]).toInt().as1D(), 10).as2D(images.shape[0], 10),
};
const pass = { tf, weights: {}, statistics: { of: 'batch' } } as const;

test('pieces cover everything, and the last one may be smaller', () => {
  expect([...ranges(10, 4)]).toEqual([
    { start: 0, size: 4 },
    { start: 4, size: 4 },
    { start: 8, size: 2 },
  ]);
});

test('right answers are counted over the first images of a split, a smaller last batch included', () => {
  // 300 images are two whole batches and one of 44; image i consists of class i % 10.
  const classes = Array.from({ length: 300 }, (_, i) => i % 10);
  const split = {
    images: tf.tensor4d(classes, [300, 1, 1, 1]),
    labels: tf.tensor1d(
      classes.map((label, i) => (i === 0 || i === 298 ? 9 - label : label)),
      'int32',
    ),
  };
  const before = tf.memory().numTensors;
  expect(accuracy(reader, pass, split, 300)).toEqual({ correct: 298, images: 300 });
  expect(accuracy(reader, pass, split, 200)).toEqual({ correct: 199, images: 200 });
  expect(tf.memory().numTensors).toBe(before);
});
