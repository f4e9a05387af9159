/** Images that are read, decoded and augmented while the network trains on those before (ImageNet). The device sees
 *  pixels 0 … 255, float32 [B, 299, 299, 3], and scales them. */
import type { Trajectory } from '../contract.ts';
import {
  type BatchRequest,
  type ImageBatch,
  type ImageSplit,
  loadBatches,
} from '../data/imagenet/batches.ts';
import { CHANNELS, SIDE } from '../data/imagenet/decode.ts';
import { scalePixels } from '../models/inception-v3.ts';
import type { NamedHostTensors } from '../tensorflow/compile/compile.ts';
import type { Tensor1D, Tensor4D, TensorFlow } from '../tensorflow/load.ts';
import { isAugmented } from './augment.ts';
import { batchesFrom, stepsPerEpoch } from './batch-order.ts';
import { startEngineOn } from './compiled-engine.ts';
import type { StartEngine } from './engine.ts';
import type { Feed, Look, SplitName } from './feed.ts';

const BATCHES_AHEAD = 2;

/** The engine of a trajectory that goes on after `step` finished steps. */
export const streamedEngine =
  (order: { trajectory: Trajectory; step: number }): StartEngine<ImageSplit> =>
  (tf, { train, test, ...request }) =>
    startEngineOn(tf, streamedFeed(tf, { train, test }, order), request, train.labels.length);

export function streamedFeed(
  tf: TensorFlow,
  splits: Record<SplitName, ImageSplit>,
  { trajectory, step }: { trajectory: Trajectory; step: number },
): Feed {
  const closed = new AbortController();
  const { seed, augmentation } = trajectory;
  const load = (requests: Iterable<BatchRequest>, split: SplitName, augmented: boolean) =>
    loadBatches(requests, splits[split], {
      augmentation: augmented ? { seed } : null,
      ahead: BATCHES_AHEAD,
      signal: closed.signal,
    });
  const images = splits.train.labels.length;
  const training = load(requestsFrom(step, { ...trajectory, images }), 'train', isAugmented(augmentation));

  return {
    variables: { train: {}, test: {} },
    batch: (_split, _variables, { pixels, labels }) => ({
      images: scalePixels(tf, pixels as Tensor4D),
      labels: labels as Tensor1D,
    }),
    async steps(steps) {
      const batches: ImageBatch[] = [];
      for (const { indices } of steps) {
        const { value } = await training.next();
        if (!value || `${value.indices}` !== `${indices}`) {
          throw new Error('The images that were read are not those of the step.');
        }
        batches.push(value);
      }
      return rowsOf(batches);
    },
    async *looks(split, looks) {
      const requests = looks.map(({ indices }: Look): BatchRequest => ({ epoch: 0, indices }));
      for await (const batch of load(requests, split, false)) {
        yield { size: batch.labels.length, inputs: rowsOf([batch]) };
      }
    },
    showsAugmented: false,
    close: () => closed.abort(),
  };
}

function* requestsFrom(
  step: number,
  order: { images: number; batchSize: number; seed: number },
): Generator<BatchRequest> {
  const epoch = stepsPerEpoch(order.images, order.batchSize);
  let next = step;
  for (const indices of batchesFrom(step, order)) yield { epoch: Math.floor(next++ / epoch), indices };
}

function rowsOf(batches: ImageBatch[]): NamedHostTensors {
  const size = batches[0]!.labels.length;
  const pixels = new Float32Array(batches.length * batches[0]!.images.length);
  const labels = new Int32Array(batches.length * size);
  for (const [row, batch] of batches.entries()) {
    pixels.set(batch.images, row * batch.images.length);
    labels.set(batch.labels, row * size);
  }
  return {
    pixels: { shape: [batches.length, size, SIDE, SIDE, CHANNELS], data: pixels },
    labels: { shape: [batches.length, size], data: labels },
  };
}
