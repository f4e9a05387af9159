import { expect, test } from 'vitest';
import type { Architecture } from '../../../activities/models/network.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { startCompiledEngine } from '../../../activities/training/compiled-engine.ts';
import { startEagerEngine } from '../../../activities/training/eager-engine.ts';
import { rangesOf } from '../../../activities/training/engine.ts';

const { tf } = loadTensorFlow();

/** Answers with the class that an image consists of. */
const reader: Architecture = {
  variables: [],
  apply: (images) => tf.oneHot(images.mean([1, 2, 3]).toInt().as1D(), 10).as2D(images.shape[0], 10),
};

/** 300 images are two whole batches and one of 44; image i consists of class i % 10. Two labels are wrong. */
const classes = Array.from({ length: 300 }, (_, i) => i % 10);
const split = {
  images: Float32Array.from(classes.flatMap((label) => Array.from({ length: 28 * 28 * 3 }, () => label))),
  labels: Uint8Array.from(classes, (label, i) => (i === 0 || i === 298 ? 9 - label : label)),
};

test('pieces cover everything, and the last one may be smaller', () => {
  expect([...rangesOf(10, 4)].map((piece) => [...piece])).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ]);
});

test.each([
  ['compiled', startCompiledEngine],
  ['eager', startEagerEngine],
])(
  'the %s engine counts right answers over the first images of a split, a smaller last batch included',
  async (_, start) => {
    const before = tf.memory().numTensors;
    const trajectory = {
      optimizer: { learningRate: 0.1, momentum: 0.9, weightDecay: 0 },
      batchSize: 128,
      precision: 'float32',
    } as const;
    const engine = await start(tf, {
      trajectory,
      network: reader,
      train: split,
      test: split,
      weights: {},
      momenta: {},
    });
    expect(await engine.countRight('test', 300)).toEqual({ correct: 298 });
    expect(await engine.countRight('train', 200)).toEqual({ correct: 199 });
    engine.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);
