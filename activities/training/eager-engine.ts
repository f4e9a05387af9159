/** Operation by operation, on whatever backend tfjs runs: the reference that the compiled engine is tested against,
 *  and the way to train on WebGPU. */
import type { Statistics } from '../models/layer.ts';
import type { NamedTensorMap, Tensor, Tensor1D, Tensor4D } from '../tensorflow/load.ts';
import { type NamedArrays, readArrays, toTensors } from '../tensorflow/named-arrays.ts';
import { averageStatistics, batchStatistics, statisticsOf } from './batch-statistics.ts';
import { ranges, type Split, type StartEngine } from './engine.ts';
import { countRight } from './evaluate.ts';
import { trainingStep } from './step.ts';

const EVALUATION_BATCH = 128; // bounds memory: six megabytes an image for Inception

export const startEagerEngine: StartEngine = async (tf, { trajectory, network, train, test, ...from }) => {
  const toDevice = ({ images, labels }: Split): { images: Tensor4D; labels: Tensor1D } => ({
    images: tf.tensor4d(images, [labels.length, 28, 28, 3]),
    labels: tf.tensor1d(Int32Array.from(labels), 'int32'),
  });
  const splits = { train: toDevice(train), test: toDevice(test) };
  let weights = toTensors(tf, from.weights);
  let momenta = toTensors(tf, from.momenta);
  let statistics: NamedTensorMap = {};

  /** The values of tensors, which are freed. */
  const take = async (tensors: NamedTensorMap): Promise<NamedArrays> => {
    const arrays = await readArrays(tensors);
    tf.dispose(tensors);
    return arrays;
  };

  return {
    async train(batches, learningRates) {
      const losses: Tensor[] = [];
      for (const [i, indices] of batches.entries()) {
        const { loss, ...next } = tf.tidy(() => {
          const batch = tf.tensor1d(indices, 'int32');
          return trainingStep(
            tf,
            network,
            trajectory.optimizer,
            { weights, momenta },
            {
              images: splits.train.images.gather(batch), // [B, 28, 28, 3]
              labels: splits.train.labels.gather(batch), // [B]
              learningRate: tf.scalar(learningRates[i]!),
            },
          );
        });
        tf.dispose([weights, momenta]);
        ({ weights, momenta } = next);
        losses.push(loss);
      }
      const read = await Promise.all(losses.map((loss) => loss.data()));
      tf.dispose(losses);
      return Float32Array.from(read, ([loss]) => loss!);
    },
    async computeStatistics(images) {
      if (statisticsOf(network).length === 0) return {};
      const batches = [];
      for (const { start, size } of ranges(images, trajectory.batchSize)) {
        const found = tf.tidy(() =>
          batchStatistics(network, { tf, weights }, splits.train.images.slice(start, size)),
        );
        batches.push({ size, statistics: await take(found) });
      }
      const averages = averageStatistics(batches);
      tf.dispose(statistics);
      statistics = toTensors(tf, averages);
      return averages;
    },
    async countRight(name, images) {
      const of: Statistics = { of: 'training-set', values: statistics };
      let right = 0;
      for (const { start, size } of ranges(images, EVALUATION_BATCH)) {
        const counted = tf.tidy(() =>
          countRight(
            network,
            { tf, weights, statistics: of },
            {
              images: splits[name].images.slice(start, size),
              labels: splits[name].labels.slice(start, size),
            },
          ),
        );
        right += (await counted.data())[0]!;
        counted.dispose();
      }
      return right;
    },
    read: async () => ({ weights: await readArrays(weights), momenta: await readArrays(momenta) }),
    dispose: () => tf.dispose([weights, momenta, statistics, splits.train, splits.test]),
  };
};
