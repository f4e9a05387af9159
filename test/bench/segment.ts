/** A segment of a real training: the activity, its trainer process, checkpoints into an S3 server of the same machine. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { z } from 'zod';
import type { PreparedDataset } from '../../activities/contract.ts';
import { encodeNpy } from '../../activities/data/npy.ts';
import { planRun } from '../../activities/identity/run-id.ts';
import { createS3Store } from '../../activities/store/s3.ts';
import type { Store } from '../../activities/store/store.ts';
import { TRAINING_ENVIRONMENT } from '../../activities/tensorflow/environment.ts';
import { createTrainSegment } from '../../activities/train-segment.ts';
import { readConfig } from '../../worker/config.ts';
import { variablesOf } from '../../worker/device.ts';
import { PROFILES } from '../../workflows/profiles.ts';
import { recipe } from '../../workflows/recipe.ts';
import { ACCESS_KEY, REGION, SECRET_KEY, startVersitygw } from '../activities/store/s3-server.ts';
import type { BenchInput } from './input.ts';
import type { Model } from './job.ts';
import { Call, type Shares, sharesOf } from './shares.ts';
import { threadVariables } from './subject.ts';

/** Of images that lie on the device. */
type SegmentModel = Exclude<Model, 'inception-v3'>;

/** stepsPerEpoch: of the paper's 50,000 images, at whose end a training is looked at. */
export interface Segment extends Shares {
  model: SegmentModel;
  batchSize: number;
  stepsPerEpoch: number;
  checkpointEverySeconds: number;
}

const BUCKET = 'bench';
/** Up to the first checkpoint, which traces; the period that is measured; and time to begin the next. */
const PERIODS = 2.2;
/** Epochs of these take longer than a period. */
const LOOKS_EVERY: Partial<Record<SegmentModel, number>> = { inception: 30, alexnet: 150 };

/** The paper's recipe on the bench's images, which come again sooner than 50,000 do: nothing else knows how many there
 *  are. */
export async function measureSegment(
  model: SegmentModel,
  input: Pick<BenchInput, 'images' | 'labels'>,
  { work, threads }: { work: string; threads: number },
): Promise<Segment> {
  const checkpointEverySeconds = readConfig({}).RETHINKING_CHECKPOINT_SECONDS;
  const { trajectory, stop } = recipe(PROFILES.paper, {
    model,
    corruption: { labels: 1, pixels: 'gaussian' },
    seed: 1,
  });
  const { everySteps: stepsPerEpoch } = trajectory.evaluation;
  const everySteps = LOOKS_EVERY[model] ?? stepsPerEpoch;
  const evaluation = { ...trajectory.evaluation, everySteps };
  const planned = planRun(NO_DATASET, { trajectory: { ...trajectory, evaluation }, stop });
  const server = await startVersitygw();
  try {
    const prepared = await keep(await openStore(server.endpoint), input);
    const times = join(work, `${model}-calls.json`);
    const trainSegment = createTrainSegment({
      forkTrainer: () =>
        fork(join(import.meta.dirname, 'timed-trainer.js'), [times], {
          serialization: 'advanced',
          env: { ...process.env, ...trainerVariables(server.endpoint), ...threadVariables(threads) },
        }),
    });
    await new MockActivityEnvironment().run(trainSegment, {
      planned,
      prepared,
      segmentSeconds: PERIODS * checkpointEverySeconds,
    });
    const calls = z.array(Call).parse(JSON.parse(readFileSync(times, 'utf8')));
    return {
      model,
      batchSize: trajectory.batchSize,
      stepsPerEpoch,
      checkpointEverySeconds,
      ...sharesOf(calls),
    };
  } finally {
    await server.stop();
  }
}

/** Gaussian images and random labels come from no data set. */
const NO_DATASET = { name: 'procedural', sha256: '0'.repeat(64) } as const;

async function openStore(endpoint: string): Promise<Store> {
  const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
  const store = createS3Store({ bucket: BUCKET, endpoint, region: REGION, credentials });
  await store.probe();
  return store;
}

/** As workers give them to their trainers. */
const trainerVariables = (endpoint: string) => ({
  ...TRAINING_ENVIRONMENT,
  ...variablesOf({ kind: 'cpu' }),
  RETHINKING_BUCKET: BUCKET,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
});

async function keep(
  store: Store,
  { images, labels }: Pick<BenchInput, 'images' | 'labels'>,
): Promise<PreparedDataset> {
  const count = labels.length;
  const stored = {
    images: await store.putIfAbsent('images.npy', encodeNpy('float32', [count, 28, 28, 3], images)),
    labels: await store.putIfAbsent('labels.npy', encodeNpy('uint8', [count], labels)),
  };
  const split = { ...stored, cleanLabels: stored.labels, count };
  return { train: split, test: split, provenance: stored.labels };
}
