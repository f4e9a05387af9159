/** The way trainings run: the eager step, evaluation and statistics traced into TensorFlow graphs. Weights, momenta
 *  and images are variables on the device; a call takes indices and learning rates in and gives losses out. */

import { type Compiled, createProgram, type NamedHostTensors } from '../tensorflow/compile/compile.ts';
import type { NamedTensorMap, Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '../tensorflow/load.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import type { Windows } from './augment.ts';
import { batchOf, type DeviceSplit } from './batch.ts';
import { averageStatistics, batchStatistics, statisticsOf } from './batch-statistics.ts';
import { rangesOf, type Split, type StartEngine, type StepRequest, sideOf } from './engine.ts';
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

  const batch = (name: string, variables: NamedTensorMap, { indices, ...inputs }: NamedTensorMap) =>
    batchOf(tf, splitOf(name, variables), indices as Tensor1D, windowsIn(inputs));

  const step = program.compile(
    ({ learningRate, dropout, ...inputs }, variables) => {
      const { loss, ...next } = trainingStep(
        tf,
        network,
        trajectory.optimizer,
        { weights: of('weights', variables), momenta: of('momenta', variables) },
        {
          ...batch('train', variables, inputs),
          learningRate: learningRate as Scalar,
          dropout: dropout as Tensor2D | undefined,
        },
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
      const { loss } = await step.scan({
        indices: stack(steps.map(({ indices }) => indices)),
        learningRate: {
          shape: [steps.length],
          data: Float32Array.from(steps, ({ learningRate }) => learningRate),
        },
        ...stackWindows(steps.flatMap(({ windows }) => windows ?? [])),
        ...stackDropout(steps),
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
      return sum(counts);
    },
    async countAugmentedRight(windowsOf) {
      const counts = await overFirst(
        train.labels.length,
        trajectory.batchSize,
        evaluators.train,
        ({ right }) => [...right!.data],
        windowsOf,
      );
      return sum(counts);
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
  windowsOf?: (batch: number, images: number) => Windows,
): Promise<T[]> {
  const batches = [...rangesOf(images, most)].map((indices, i) => ({
    indices,
    windows: windowsOf?.(i, indices.length),
  }));
  const results: T[] = [];
  for (const size of new Set(batches.map(({ indices }) => indices.length))) {
    const same = batches.filter(({ indices }) => indices.length === size);
    const inputs = {
      indices: stack(same.map(({ indices }) => indices)),
      ...stackWindows(same.flatMap(({ windows }) => windows ?? [])),
    };
    results.push(...read(await compiled.scan(inputs), size));
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

/** Rows of one length. */
const stack = (rows: (Int32Array | Float32Array)[]) => {
  const size = rows[0]!.length;
  const data =
    rows[0] instanceof Int32Array ? new Int32Array(rows.length * size) : new Float32Array(rows.length * size);
  for (const [row, values] of rows.entries()) data.set(values, row * size);
  return { shape: [rows.length, size], data };
};

/** Windows of several batches as inputs of a compiled function. */
function stackWindows(windows: Windows[]): NamedHostTensors {
  if (windows.length === 0) return {};
  const turns = windows.flatMap(({ turn }) => turn ?? []);
  return {
    top: stack(windows.map(({ top }) => top)),
    left: stack(windows.map(({ left }) => left)),
    flip: stack(windows.map(({ flip }) => flip)),
    ...(turns.length > 0 && {
      cosine: stack(turns.map(({ cosine }) => cosine)),
      sine: stack(turns.map(({ sine }) => sine)),
    }),
  };
}

/** The other way round: windows of one batch among a function's inputs. */
function windowsIn({ top, left, flip, cosine, sine }: NamedTensorMap): Windows<Tensor, Tensor> | null {
  if (!(top && left && flip)) return null;
  return { top, left, flip, turn: cosine && sine && { cosine, sine } };
}

/** Masks of several steps, [steps, B, inputs of the last layer]. */
function stackDropout(steps: StepRequest[]): NamedHostTensors {
  const masks = steps.flatMap(({ dropout }) => dropout ?? []);
  if (masks.length === 0) return {};
  const { shape, data } = stack(masks);
  const batch = steps[0]!.indices.length;
  return { dropout: { shape: [masks.length, batch, shape[1]! / batch], data } };
}

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

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
