/** The way trainings run: the eager step, evaluation and statistics traced into TensorFlow graphs. Weights, momenta
 *  and images are variables on the device; a call takes indices and learning rates in and gives losses out. */

import { type Compiled, createProgram, type NamedHostTensors } from '../tensorflow/compile/compile.ts';
import type { NamedTensorMap, Scalar, Tensor1D, Tensor4D } from '../tensorflow/load.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import { batchOf, type DeviceSplit } from './batch.ts';
import { averageStatistics, batchStatistics, statisticsOf } from './batch-statistics.ts';
import { rangesOf, type Split, type StartEngine, sideOf } from './engine.ts';
import { countRight } from './evaluate.ts';
import { trainingStep } from './step.ts';

const EVALUATION_BATCH = 128;

export const startCompiledEngine: StartEngine = async (tf, { trajectory, network, train, test, ...from }) => {
  const program = createProgram(tf, { precision: trajectory.precision });
  const weights = within('weights', from.weights);
  const momenta = within('momenta', from.momenta);
  const statistics = within(
    'statistics',
    Object.fromEntries(statisticsOf(network).map(({ name, shape }) => [name, zeros(shape)])),
  );
  await program.define({ ...weights, ...momenta, ...statistics });
  await program.define(splitVariables('train', train));
  await program.define(splitVariables('test', test));

  const batch = (name: string, variables: NamedTensorMap, { indices, top, left, flip }: NamedTensorMap) =>
    batchOf(
      tf,
      splitOf(name, variables),
      indices as Tensor1D,
      top && left && flip ? { top, left, flip } : null,
    );

  const step = program.compile(
    ({ learningRate, ...inputs }, variables) => {
      const { loss, ...next } = trainingStep(
        tf,
        network,
        trajectory.optimizer,
        { weights: of('weights', variables), momenta: of('momenta', variables) },
        { ...batch('train', variables, inputs), learningRate: learningRate as Scalar },
      );
      return {
        outputs: { loss },
        updates: { ...within('weights', next.weights), ...within('momenta', next.momenta) },
      };
    },
    { variables: [...Object.keys(weights), ...Object.keys(momenta), ...splitNames('train')] },
  );
  const collect = program.compile(
    (inputs, variables) => ({
      outputs: batchStatistics(
        network,
        { tf, weights: of('weights', variables) },
        batch('train', variables, inputs).images,
      ),
    }),
    { variables: [...Object.keys(weights), ...splitNames('train')] },
  );
  const evaluate = (name: 'train' | 'test') =>
    program.compile(
      (inputs, variables) => ({
        outputs: {
          right: countRight(
            network,
            {
              tf,
              weights: of('weights', variables),
              statistics: { of: 'training-set', values: of('statistics', variables) },
            },
            batch(name, variables, inputs),
          ),
        },
      }),
      { variables: [...Object.keys(weights), ...Object.keys(statistics), ...splitNames(name)] },
    );
  const evaluators = { train: evaluate('train'), test: evaluate('test') };

  return {
    async train(steps) {
      const [first] = steps;
      const windows = first!.windows && {
        top: stack(steps.map((one) => one.windows!.top)),
        left: stack(steps.map((one) => one.windows!.left)),
        flip: stack(steps.map((one) => one.windows!.flip)),
      };
      const { loss } = await step.scan({
        indices: stack(steps.map(({ indices }) => indices)),
        learningRate: {
          shape: [steps.length],
          data: Float32Array.from(steps, ({ learningRate }) => learningRate),
        },
        ...windows,
      });
      return Float32Array.from(loss!.data);
    },
    async computeStatistics(images) {
      if (statisticsOf(network).length === 0) return {};
      const averages = averageStatistics(await overFirst(images, trajectory.batchSize, collect, rowsOf));
      await program.write(within('statistics', averages));
      return averages;
    },
    async countRight(name, images) {
      const counts = await overFirst(images, EVALUATION_BATCH, evaluators[name], ({ right }) => [
        ...right!.data,
      ]);
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async read() {
      const arrays = async (names: string[]) => float32(await program.read(names));
      return {
        weights: of('weights', await arrays(Object.keys(weights))),
        momenta: of('momenta', await arrays(Object.keys(momenta))),
      };
    },
    dispose: () => program.dispose(),
  };
};

/** Applies a compiled function of `indices` to the first images, batch by batch; equal batches share one call. */
async function overFirst<T>(
  images: number,
  most: number,
  compiled: Compiled,
  read: (outputs: NamedHostTensors, size: number) => T[],
): Promise<T[]> {
  const batches = [...rangesOf(images, most)];
  const results: T[] = [];
  for (const size of new Set(batches.map(({ length }) => length))) {
    const indices = stack(batches.filter(({ length }) => length === size));
    results.push(...read(await compiled.scan({ indices }), size));
  }
  return results;
}

/** Statistics batch by batch, out of stacked ones [rows, C]. */
function rowsOf(stacked: NamedHostTensors, size: number): { size: number; statistics: NamedArrays }[] {
  const arrays = float32(stacked);
  const rows = Object.values(arrays)[0]!.shape[0]!;
  return Array.from({ length: rows }, (_, row) => ({
    size,
    statistics: Object.fromEntries(
      Object.entries(arrays).map(([name, { shape, data }]) => {
        const channels = shape[1]!;
        return [name, { shape: [channels], data: data.subarray(row * channels, (row + 1) * channels) }];
      }),
    ),
  }));
}

const stack = (batches: Int32Array[]) => {
  const [first] = batches;
  const size = first!.length;
  const data = new Int32Array(batches.length * size);
  for (const [row, indices] of batches.entries()) data.set(indices, row * size);
  return { shape: [batches.length, size], data };
};

const splitNames = (name: string) => [`${name}/images`, `${name}/labels`];

const splitVariables = (name: string, split: Split): NamedHostTensors => ({
  [`${name}/images`]: {
    shape: [split.labels.length, sideOf(split), sideOf(split), 3],
    data: split.images,
  },
  [`${name}/labels`]: { shape: [split.labels.length], data: Int32Array.from(split.labels) },
});

const splitOf = (name: string, variables: NamedTensorMap): DeviceSplit => ({
  images: variables[`${name}/images`] as Tensor4D,
  labels: variables[`${name}/labels`] as Tensor1D,
});

/** Names of a map put into a folder, or taken out of it. */
const within = <T>(folder: string, named: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [`${folder}/${name}`, value]));
const of = <T>(folder: string, named: Record<string, T>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name.startsWith(`${folder}/`))
      .map(([name, value]) => [name.slice(folder.length + 1), value]),
  );

const zeros = (shape: readonly number[]) => ({
  shape: [...shape],
  data: new Float32Array(shape.reduce((product, length) => product * length, 1)),
});

const float32 = (tensors: NamedHostTensors): NamedArrays =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]),
  );
