import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  FEATURES,
  inceptionV3,
  parametersOf,
  SIDE,
  scalePixels,
} from '../../../activities/models/inception-v3.ts';
import { initialise } from '../../../activities/models/initialise.ts';
import type { Statistics, Variable } from '../../../activities/models/layer.ts';
import { createProgram } from '../../../activities/tensorflow/compile/compile.ts';
import {
  loadTensorFlow,
  type NamedTensorMap,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '../../../activities/tensorflow/load.ts';
import { toTensors } from '../../../activities/tensorflow/named-arrays.ts';
import { trainingStep } from '../../../activities/training/step.ts';

const { tf } = loadTensorFlow();

const CLASSES = 10;
const small = inceptionV3({ classes: CLASSES });
const start = initialise(small.variables, 1);

const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
const count = (variables: Variable[]) => variables.reduce((sum, { shape }) => sum + size(shape), 0);
const isAuxiliary = ({ name }: Variable) => name.startsWith('auxiliary/');

/** Rows of what a layer gives, from TF-Slim's table of endpoints. */
function rowsOf(layer: string): number {
  const [, rows] = ENDPOINTS.find(([pattern]) => pattern.test(layer))!;
  return rows;
}
const ENDPOINTS: [RegExp, number][] = [
  [/^conv-1a/, 149],
  [/^conv-2/, 147],
  [/^conv-3b/, 73],
  [/^conv-4a/, 71],
  [/^mixed-5/, 35],
  [/^mixed-6a\/(three-1|double-3)/, 17],
  [/^mixed-6a/, 35],
  [/^mixed-6/, 17],
  [/^mixed-7a\/(three-2|seven-4)/, 8],
  [/^mixed-7a/, 17],
  [/^mixed-7/, 8],
  [/^auxiliary\/conv-1x1/, 5],
  [/./, 1],
];

test("parameters are torchvision's 27,161,264 without one scale a channel of batch norm", () => {
  const { variables } = inceptionV3({ classes: 1000 });
  const scales = variables.filter(({ kind }) => kind === 'shift');
  expect(count(variables)).toBe(27_161_264 - count(scales));
  expect(parametersOf(1000)).toBe(27_143_152);
  expect(new Set(variables.map(({ name }) => name)).size).toBe(variables.length);
});

test("without the auxiliary classifier they are Keras's 23,851,784, less 34,432 means and variances", () => {
  const main = inceptionV3({ classes: 1000 }).variables.filter((variable) => !isAuxiliary(variable));
  const statistics = 2 * count(main.filter(({ kind }) => kind === 'shift'));
  expect(statistics).toBe(34_432);
  expect(count(main)).toBe(23_851_784 - statistics);
});

test('another number of classes changes the two classifiers alone', () => {
  expect(count(small.variables)).toBe(parametersOf(CLASSES));
});

test('an image costs 5.7 billion multiply-adds forward without the auxiliary classifier', () => {
  const kernels = inceptionV3({ classes: 1000 }).variables.filter(
    (variable) => variable.kind === 'kernel' && !isAuxiliary(variable),
  );
  const multiplyAdds = kernels.reduce((sum, { name, shape }) => sum + size(shape) * rowsOf(name) ** 2, 0);
  expect(multiplyAdds / 1e9).toBeCloseTo(5.7, 1);
});

test('pixels 0, 127.5 and 255 become −1, 0 and 1', () => {
  const scaled = tf.tidy(() => [...scalePixels(tf, tf.tensor4d([0, 127.5, 255], [1, 1, 1, 3])).dataSync()]);
  expect(scaled).toEqual([-1, 0, 1]);
});

test('integers are scaled too', () => {
  const scaled = tf.tidy(() => [
    ...scalePixels(tf, tf.tensor4d([0, 51, 255], [1, 1, 1, 3], 'int32')).dataSync(),
  ]);
  expect(scaled.map((value) => Number(value.toFixed(6)))).toEqual([-1, -0.6, 1]);
});

/** What passes read, for the tests below. */
let weights: NamedTensorMap;
let images: Tensor4D;
beforeAll(() => {
  weights = toTensors(tf, start);
  images = tf.randomUniform([2, SIDE, SIDE, 3], -1, 1, 'float32', 1).as4D(2, SIDE, SIDE, 3);
});
afterAll(() => tf.dispose([weights, images]));

const read = (tensor: Tensor) => [...tensor.dataSync()];

/** The logits of a training pass, each layer's output shape by its statistics, and the statistics as evaluation takes
 *  them: the biased variance, by which the batch itself was normalised. */
function passInTraining(dropout: number[] | null = null) {
  return tf.tidy(() => {
    const values: NamedTensorMap = {};
    const statistics: Statistics = {
      of: 'batch',
      collect(layer, mean, variance) {
        const elements = images.shape[0] * rowsOf(layer) ** 2;
        values[`${layer}/mean`] = tf.keep(mean);
        values[`${layer}/variance`] = tf.keep(variance.mul<Tensor1D>((elements - 1) / elements));
      },
    };
    const pass = {
      tf,
      weights,
      statistics,
      dropout: dropout ? tf.tensor2d(dropout, [2, FEATURES]) : undefined,
    };
    const { logits, auxiliary } = small.applyInTraining(images, pass);
    return { logits: read(logits), auxiliary: read(auxiliary.logits), shape: logits.shape, values };
  });
}

test('training sees logits of both classifiers; evaluation with the statistics of the batch the same logits', () => {
  const before = tf.memory().numTensors;
  const trained = passInTraining();
  const evaluated = tf.tidy(() =>
    read(small.apply(images, { tf, weights, statistics: { of: 'training-set', values: trained.values } })),
  );
  tf.dispose(trained.values);

  expect(trained.shape).toEqual([2, CLASSES]);
  expect(trained.auxiliary).toHaveLength(2 * CLASSES);
  expect(trained.auxiliary.every(Number.isFinite)).toBe(true);
  const largest = Math.max(...trained.logits.map(Math.abs));
  // Float32 through 48 layers, each rounding its own way in the two forms: 1e-3 of the largest logit.
  for (const [i, logit] of evaluated.entries()) {
    expect(Math.abs(logit - trained.logits[i]!)).toBeLessThan(1e-3 * largest);
  }
  expect(tf.memory().numTensors).toBe(before);
});

test('dropped features leave the bias alone, kept and scaled ones double what is left', () => {
  const { logits, ...without } = passInTraining();
  const none = passInTraining(new Array(2 * FEATURES).fill(0));
  const doubled = passInTraining(new Array(2 * FEATURES).fill(2));
  tf.dispose([without.values, none.values, doubled.values]);

  expect(none.logits).toEqual(new Array(2 * CLASSES).fill(0)); // biases start at 0
  expect(none.auxiliary).toEqual(without.auxiliary);
  expect(doubled.logits).toEqual(logits.map((logit) => 2 * logit)); // a power of two rounds nothing
});

test('one compiled training step gives a finite loss, moves every variable and leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const program = createProgram(tf, { precision: 'float32' });
  const names = small.variables.map(({ name }) => name);
  await program.define(start);
  const step = program.compile(
    ({ pixels, labels, learningRate }, weights) => {
      const { loss, weights: next } = trainingStep(
        tf,
        small,
        { momentum: 0.9, weightDecay: 0 },
        { weights, momenta: Object.fromEntries(names.map((name) => [name, tf.zerosLike(weights[name]!)])) },
        {
          images: scalePixels(tf, pixels!.as4D(2, SIDE, SIDE, 3)),
          labels: labels!.as1D(),
          learningRate: learningRate!.asScalar(),
        },
      );
      return { outputs: { loss }, updates: next };
    },
    { variables: names },
  );

  const pixels = Int32Array.from({ length: 2 * SIDE * SIDE * 3 }, (_, i) => (i * 7919) % 256);
  const { loss } = await step.run({
    pixels: { shape: [2, SIDE, SIDE, 3], data: pixels },
    labels: { shape: [2], data: Int32Array.of(3, 7) },
    learningRate: { shape: [], data: Float32Array.of(0.01) },
  });
  const moved = await program.read(names);
  program.dispose();

  expect(loss!.data[0]).toBeGreaterThan(0);
  expect(Number.isFinite(loss!.data[0])).toBe(true);
  const still = names.filter((name) => moved[name]!.data.every((value, i) => value === start[name]!.data[i]));
  expect(still).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
});
