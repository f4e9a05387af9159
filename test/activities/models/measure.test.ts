/** Structure is data beside the function that computes; here it is held to what TensorFlow computes. */
import { expect, test } from 'vitest';
import { Cifar10Model } from '../../../activities/contract.ts';
import { concat, convModule, maxPool } from '../../../activities/models/convolution.ts';
import { linear } from '../../../activities/models/dense.ts';
import { initialise } from '../../../activities/models/initialise.ts';
import { sequence } from '../../../activities/models/layer.ts';
import { type Measured, measure, size } from '../../../activities/models/measure.ts';
import { measureNetwork, network } from '../../../activities/models/network.ts';
import type { Structure } from '../../../activities/models/structure.ts';
import { loadTensorFlow, type Rank } from '../../../activities/tensorflow/load.ts';
import { toTensors } from '../../../activities/tensorflow/named-arrays.ts';
import { flopsOf } from '../../bench/flops.ts';

const { tf } = loadTensorFlow();

/** TensorFlow's kernel for what a structure names. */
const KERNELS: Partial<Record<Structure['op'], string>> = {
  convolution: 'Conv2D',
  'max-pool': 'MaxPool',
  concat: 'Concat',
  'local-response-norm': 'LRN',
  'mean-pool': 'Mean',
  dense: 'BatchMatMul',
};

/** The operations of one image's forward pass, in TensorFlow's order. */
async function computed(name: Cifar10Model) {
  const { variables, apply } = network(name);
  const weights = toTensors(tf, initialise(variables, 1));
  const images = tf.zeros<Rank.R4>([1, 28, 28, 3]);
  const { kernels } = await tf.profile(() =>
    tf.tidy(() => apply(images, { tf, weights, statistics: { of: 'batch' } })),
  );
  return kernels.map((kernel) => ({ ...kernel, outputShape: kernel.outputShapes[0]! }));
}

/** In the order of computing: parts before their whole. */
const inside = (measured: Measured): Measured[] => [...measured.parts.flatMap(inside), measured];

test.each(Cifar10Model.options)(
  '%s is measured as TensorFlow computes it, operation by operation',
  async (name) => {
    const operations = (await computed(name)).filter(({ name }) => Object.values(KERNELS).includes(name));

    const whole = measureNetwork(name);
    const told = inside(whole).filter(({ structure }) => KERNELS[structure.op]);

    expect(told.map(({ structure, output }) => [KERNELS[structure.op], ...output])).toEqual(
      operations.map(({ name, outputShape }) => [name, ...outputShape.slice(1)]),
    );
    expect(whole.multiplyAdds).toBe(operations.reduce((sum, operation) => sum + flopsOf(operation) / 2, 0));
  },
);

test.each(Cifar10Model.options)('every variable of %s is counted once', (name) => {
  const counted = network(name).variables.reduce((sum, { shape }) => sum + size(shape), 0);
  expect(measureNetwork(name).parameters).toBe(counted);
});

test('Inception has 204.2 million multiply-adds', () => {
  expect(measureNetwork('inception').multiplyAdds / 1e6).toBeCloseTo(204.2, 1);
});

test('a max-pool halves rows and columns and rounds up', () => {
  expect(measure(maxPool.structure!, [7, 7, 64]).output).toEqual([4, 4, 64]);
});

const conv = (from: number, stride: 1 | 2) =>
  convModule('conv', { side: 3, stride, channels: { in: from, out: 8 }, batchNorm: true });

test('layers that do not fit one another are refused by name', () => {
  const { structure } = sequence(conv(3, 1), conv(9, 1));
  expect(() => measure(structure!, [28, 28, 3])).toThrow('conv/kernel is for 9 inputs, not for 8.');
  expect(() => measure(linear('linear', 3, 10).structure, [28, 28, 3])).toThrow(
    'linear/kernel is for 3 inputs, not for an image.',
  );
});

test('branches of different sizes are refused', () => {
  const { structure } = concat(conv(3, 1), conv(3, 2));
  expect(() => measure(structure!, [28, 28, 3])).toThrow('Branches of 28×28 and 14×14 cannot be joined.');
});

test('a layer that says nothing of itself leaves its sequence without a structure', () => {
  const silent = { variables: [], apply: conv(3, 1).apply };
  expect(sequence(conv(3, 1), silent).structure).toBeUndefined();
});
