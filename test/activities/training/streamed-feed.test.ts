/** Inception V3 on streamed images: a handful of generated ones, read from shards. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImageSplit } from '../../../activities/data/imagenet/batches.ts';
import { indexImages, readSplit } from '../../../activities/data/imagenet/stored-index.ts';
import { openFiles } from '../../../activities/data/sources/open-files.ts';
import { sha256 } from '../../../activities/identity/identity.ts';
import { createMemoryStore } from '../../../activities/store/memory.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import {
  startTraining,
  type TrainingRequest,
  type TrainingState,
} from '../../../activities/training/loop.ts';
import { streamedEngine } from '../../../activities/training/streamed-feed.ts';
import { folderWith, generateImages, shardFiles } from '../data/imagenet/generated.ts';
import { advanceTo, finish, request } from './small-training.ts';

const { tf } = loadTensorFlow();
const CLASSES = 4;

let asked: TrainingRequest<ImageSplit>;
let remove: () => unknown;
beforeAll(async () => {
  const { signal } = new AbortController();
  const images = await generateImages({ classes: CLASSES, train: 1, val: 1 });
  const there = await folderWith(shardFiles(images, { perShard: 3 }));
  remove = there.remove;
  const [store, files] = [createMemoryStore(), openFiles(there.folder)];
  const ref = await indexImages(store, files, () => {}, signal);
  const split = async (name: 'train' | 'test'): Promise<ImageSplit> => {
    const index = await readSplit(store, ref, name, signal);
    return { files, index, labels: index.labels };
  };
  const small = request('inception-v3', { images: CLASSES, batchSize: 2, steps: 3, everySteps: 9 });
  asked = {
    ...small,
    trajectory: { ...small.trajectory, augmentation: { crop: true, flip: true }, dropout: 0.2 },
    train: await split('train'),
    test: await split('test'),
    classes: CLASSES,
    stepsACall: () => 1,
  };
});
afterAll(() => remove());

const start = (from: TrainingState | null) =>
  startTraining(tf, streamedEngine({ trajectory: asked.trajectory, step: from?.step ?? 0 }), {
    ...asked,
    from,
  });

const digests = ({ losses, weights }: TrainingState) => [
  [...losses],
  Object.values(weights).map(({ data }) =>
    sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ),
];

test('a training that goes on in the middle of an epoch takes the steps of one that never stopped, bit for bit', async () => {
  const before = tf.memory().numTensors;
  const whole = await start(null);
  await advanceTo(1, whole); // an epoch has two steps
  const from = await whole.snapshot();
  const { finished } = await finish(whole);
  whole.dispose();
  const second = await start(from);
  const { finished: resumed } = await finish(second);
  second.dispose();

  expect(digests(resumed.state)).toEqual(digests(finished.state));
  expect(resumed.test).toEqual(finished.test);
  expect(finished.train.top5).toBeGreaterThanOrEqual(finished.train.correct);
  expect(finished.test).toMatchObject({ images: CLASSES });
  expect(finished.augmented).toBeNull();
  expect(tf.memory().numTensors).toBe(before);
}, 120_000);
