/** The way trainings run: the eager step, evaluation and statistics traced into TensorFlow graphs. Weights, momenta
 *  and images are variables on the device; a call takes indices and learning rates in and gives losses out. */
import type { Architecture } from '../models/network.ts';
import { type Compiled, createProgram, type NamedHostTensors } from '../tensorflow/compile/compile.ts';
import type { Scalar, Tensor2D, TensorFlow } from '../tensorflow/load.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import { averageStatistics, batchStatistics, statisticsOf } from './batch-statistics.ts';
import { type Engine, type EngineRequest, rangesOf, type StartEngine, type StepRequest } from './engine.ts';
import { countRight } from './evaluate.ts';
import { type Feed, type Look, type SplitName, stack } from './feed.ts';
import { residentFeed } from './resident-feed.ts';
import { trainingStep } from './step.ts';

/** How many images are looked at together. Images a second on two cores at 128, 500, 1,000 and 2,000, float32:
 *  Inception 911, 818, 823, 834 (and 0.7, 1.1, –, 2.9 GB), AlexNet 7,450, 7,600, 7,508, 7,551, MLP 3x512 64,900, 84,100,
 *  90,200, 91,800. Convolutions gain nothing from more. The logits of the MLPs have the same bits at all of them. */
const evaluationBatch = ({ variables }: Architecture) =>
  variables.some(({ shape }) => shape.length === 4) ? 128 : 1000;

/** With both splits on the device. */
export const startCompiledEngine: StartEngine = (tf, { train, test, ...request }) =>
  startEngineOn(tf, residentFeed(tf, { train, test }), request, train.labels.length);

export async function startEngineOn(
  tf: TensorFlow,
  feed: Feed,
  { trajectory, network, ...from }: Omit<EngineRequest, 'train' | 'test'>,
  trainImages: number,
): Promise<Engine> {
  const program = createProgram(tf, { precision: trajectory.precision });
  const weights = within('weights', from.weights);
  const momenta = within('momenta', from.momenta);
  const statistics = within(
    'statistics',
    Object.fromEntries(statisticsOf(network).map(({ name, shape }) => [name, zeros(shape)])),
  );
  await program.define({ ...weights, ...momenta, ...statistics });
  await program.define(feed.variables.train);
  await program.define(feed.variables.test);
  const imagesOf = (split: SplitName) => Object.keys(feed.variables[split]);

  const step = program.compile(
    ({ learningRate, dropout, ...inputs }, variables) => {
      const { loss, ...next } = trainingStep(
        tf,
        network,
        trajectory.optimizer,
        { weights: of('weights', variables), momenta: of('momenta', variables) },
        {
          ...feed.batch('train', variables, inputs),
          learningRate: learningRate as Scalar,
          dropout: dropout as Tensor2D | undefined,
        },
      );
      return {
        outputs: { loss },
        updates: { ...within('weights', next.weights), ...within('momenta', next.momenta) },
      };
    },
    { variables: [...Object.keys(weights), ...Object.keys(momenta), ...imagesOf('train')] },
  );
  const collect = program.compile(
    (inputs, variables) => ({
      outputs: batchStatistics(
        network,
        { tf, weights: of('weights', variables) },
        feed.batch('train', variables, inputs).images,
      ),
    }),
    { variables: [...Object.keys(weights), ...imagesOf('train')] },
  );
  const evaluate = (split: SplitName) =>
    program.compile(
      (inputs, variables) => {
        const values = of('statistics', variables);
        const pass = {
          tf,
          weights: of('weights', variables),
          statistics: { of: 'training-set', values },
        } as const;
        return { outputs: { ...countRight(network, pass, feed.batch(split, variables, inputs)) } };
      },
      { variables: [...Object.keys(weights), ...Object.keys(statistics), ...imagesOf(split)] },
    );
  const evaluators = { train: evaluate('train'), test: evaluate('test') };
  const count = async (split: SplitName, looks: Look[]) => {
    const counts = await over(feed, split, looks, evaluators[split], (outputs) => [countsIn(outputs)]);
    const [correct, top5] = [total(counts.map(([first]) => first)), total(counts.map(([, five]) => five))];
    return network.topFive ? { correct, top5 } : { correct };
  };

  return {
    async train(steps) {
      const { loss } = await step.scan({
        ...(await feed.steps(steps)),
        learningRate: {
          shape: [steps.length],
          data: Float32Array.from(steps, ({ learningRate }) => learningRate),
        },
        ...stackDropout(steps),
      });
      return Float32Array.from(loss!.data);
    },
    async computeStatistics(images) {
      if (statisticsOf(network).length === 0) return {};
      const looks = looksAt(images, trajectory.batchSize);
      const averages = averageStatistics(await over(feed, 'train', looks, collect, rowsOf));
      await program.write(within('statistics', averages));
      return averages;
    },
    countRight: (split, images) => count(split, looksAt(images, evaluationBatch(network))),
    async countAugmentedRight(windowsOf) {
      if (!feed.showsAugmented) return null;
      const looks = looksAt(trainImages, trajectory.batchSize);
      const augmented = looks.map(({ indices }, i) => ({ indices, windows: windowsOf(i, indices.length) }));
      return (await count('train', augmented)).correct;
    },
    async read() {
      const arrays = async (names: string[]) => float32(await program.read(names));
      return {
        weights: of('weights', await arrays(Object.keys(weights))),
        momenta: of('momenta', await arrays(Object.keys(momenta))),
      };
    },
    dispose() {
      feed.close();
      program.dispose();
    },
  };
}

const looksAt = (images: number, most: number): Look[] =>
  [...rangesOf(images, most)].map((indices) => ({ indices }));

/** Applies a compiled function to batches of a split. */
async function over<T>(
  feed: Feed,
  split: SplitName,
  looks: Look[],
  compiled: Compiled,
  read: (outputs: NamedHostTensors, size: number) => T[],
): Promise<T[]> {
  const results: T[] = [];
  for await (const { size, inputs } of feed.looks(split, looks)) {
    results.push(...read(await compiled.scan(inputs), size));
  }
  return results;
}

/** Right answers of all rows, and of those in five guesses. */
const countsIn = ({ first, five }: NamedHostTensors) =>
  [total(first!.data), total(five?.data ?? [])] as const;

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

/** Masks of several steps, [steps, B, inputs of the last layer]. */
function stackDropout(steps: StepRequest[]): NamedHostTensors {
  const masks = steps.flatMap(({ dropout }) => dropout ?? []);
  if (masks.length === 0) return {};
  const { shape, data } = stack(masks);
  const batch = steps[0]!.indices.length;
  return { dropout: { shape: [masks.length, batch, shape[1]! / batch], data } };
}

const total = (counts: ArrayLike<number>) => Array.from(counts).reduce((sum, count) => sum + count, 0);

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
