/** Operation by operation, on whatever backend tfjs runs: the reference that the compiled engine is tested against,
 *  and the way to train on WebGPU. */
import { Failure } from '../failure/failure.ts';
import type { NamedTensorMap, Tensor } from '../tensorflow/load.ts';
import { type NamedArrays, readArrays, toTensors } from '../tensorflow/named-arrays.ts';
import type { Windows } from './augment.ts';
import { batchOf, type DeviceSplit } from './batch.ts';
import { averageStatistics, batchStatistics, statisticsOf } from './batch-statistics.ts';
import { rangesOf, type Split, type StartEngine, sideOf } from './engine.ts';
import { countRight } from './evaluate.ts';
import { trainingStep } from './step.ts';

const EVALUATION_BATCH = 128; // bounds memory: six megabytes an image for Inception

export const startEagerEngine: StartEngine = async (tf, { trajectory, network, train, test, ...from }) => {
  if (trajectory.precision !== 'float32') {
    throw new Failure(
      'InvalidInput',
      `Trainings operation by operation, as on WebGPU, are in float32 and cannot be in ${trajectory.precision}: train in float32, or on the CPU or an NVIDIA GPU.`,
    );
  }
  const toDevice = (split: Split): DeviceSplit => ({
    images: tf.tensor4d(split.images, [split.labels.length, sideOf(split), sideOf(split), 3]),
    labels: tf.tensor1d(Int32Array.from(split.labels), 'int32'),
  });
  const splits = { train: toDevice(train), test: toDevice(test) };
  let weights = toTensors(tf, from.weights);
  let momenta = toTensors(tf, from.momenta);
  let statistics: NamedTensorMap = {};

  const int32 = (values: Int32Array) => tf.tensor1d(values, 'int32');
  const batch = (name: 'train' | 'test', indices: Int32Array, windows: Windows | null = null) =>
    batchOf(
      tf,
      splits[name],
      int32(indices),
      windows && {
        top: int32(windows.top),
        left: int32(windows.left),
        flip: int32(windows.flip),
        turn: windows.turn && {
          cosine: tf.tensor1d(windows.turn.cosine),
          sine: tf.tensor1d(windows.turn.sine),
        },
      },
    );

  /** The values of tensors, which are freed. */
  const take = async (tensors: NamedTensorMap): Promise<NamedArrays> => {
    const arrays = await readArrays(tensors);
    tf.dispose(tensors);
    return arrays;
  };

  const count = async (name: 'train' | 'test', indices: Int32Array, windows?: Windows) => {
    const counted = tf.tidy(() => {
      const pass = { tf, weights, statistics: { of: 'training-set', values: statistics } } as const;
      return countRight(network, pass, batch(name, indices, windows)).first;
    });
    const [right] = await counted.data();
    counted.dispose();
    return right!;
  };

  return {
    async train(steps) {
      const losses: Tensor[] = [];
      for (const { indices, learningRate, windows, dropout } of steps) {
        const { loss, ...next } = tf.tidy(() =>
          trainingStep(
            tf,
            network,
            trajectory.optimizer,
            { weights, momenta },
            {
              ...batch('train', indices, windows),
              learningRate: tf.scalar(learningRate),
              dropout: dropout
                ? tf.tensor2d(dropout, [indices.length, dropout.length / indices.length])
                : undefined,
            },
          ),
        );
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
      for (const indices of rangesOf(images, trajectory.batchSize)) {
        const found = tf.tidy(() =>
          batchStatistics(network, { tf, weights }, batch('train', indices).images),
        );
        batches.push({ size: indices.length, statistics: await take(found) });
      }
      const averages = averageStatistics(batches);
      tf.dispose(statistics);
      statistics = toTensors(tf, averages);
      return averages;
    },
    async countRight(name, images) {
      let right = 0;
      for (const indices of rangesOf(images, EVALUATION_BATCH)) right += await count(name, indices);
      return { correct: right };
    },
    async countAugmentedRight(windowsOf) {
      let right = 0;
      const batches = rangesOf(train.labels.length, trajectory.batchSize);
      for (const [i, indices] of [...batches].entries()) {
        right += await count('train', indices, windowsOf(i, indices.length));
      }
      return right;
    },
    read: async () => ({ weights: await readArrays(weights), momenta: await readArrays(momenta) }),
    dispose: () => tf.dispose([weights, momenta, statistics, { ...splits.train }, { ...splits.test }]),
  };
};
