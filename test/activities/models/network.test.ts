import { expect, test } from 'vitest';
import { Cifar10Model } from '../../../activities/contract.ts';
import { initialise } from '../../../activities/models/initialise.ts';
import { expectParameters, network } from '../../../activities/models/network.ts';
import { loadTensorFlow, type Scalar, type Tensor } from '../../../activities/tensorflow/load.ts';
import { toTensors } from '../../../activities/tensorflow/named-arrays.ts';
import { crossEntropy } from '../../../activities/training/loss.ts';

const { tf } = loadTensorFlow();

const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

test.each([
  ['inception', 1_649_402],
  ['inception-without-batch-norm', 1_649_402],
  ['alexnet', 1_387_786],
  ['mlp-3x512', 1_735_178],
  ['mlp-1x512', 1_209_866],
] as const)("%s has the paper's %i parameters", (name, published) => {
  const { variables } = network(name);
  expect(variables.reduce((sum, { shape }) => sum + size(shape), 0)).toBe(published);
  expect(new Set(variables.map((variable) => variable.name)).size).toBe(variables.length);
});

test('a network with another number of parameters is refused with both numbers', () => {
  expect(() => expectParameters('mlp-1x512', network('mlp-1x512'), 1_209_867)).toThrow(
    "mlp-1x512 has 1,209,866 parameters, the paper's has 1,209,867.",
  );
});

test.each(Cifar10Model.options)('%s gives ten finite logits an image and leaves no tensor behind', (name) => {
  const { variables, apply } = network(name);
  const before = tf.memory().numTensors;
  const logits = tf.tidy(() => {
    const weights = toTensors(tf, initialise(variables, 1));
    const images = tf.randomNormal([2, 28, 28, 3], 0, 1, 'float32', 1);
    return apply(images.as4D(2, 28, 28, 3), { tf, weights, statistics: { of: 'batch' } }).arraySync();
  });
  expect(logits.map((row) => row.length)).toEqual([10, 10]);
  expect(logits.flat().every(Number.isFinite)).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
});

/** The steepest coordinate of each kernel, with the loss's derivative there by backpropagation and by central
 *  differences: [variable, backpropagated, difference]. */
function steepest(name: Cifar10Model): [string, number, number][] {
  const { variables, apply } = network(name);
  const names = variables.map((variable) => variable.name);
  const images = tf.randomNormal([4, 28, 28, 3], 0, 1, 'float32', 1).as4D(4, 28, 28, 3);
  const labels = tf.tensor1d([3, 1, 4, 1], 'int32');
  const start = initialise(variables, 1);
  const loss = (...weights: Tensor[]): Scalar => {
    const byName = Object.fromEntries(weights.map((tensor, i) => [names[i]!, tensor]));
    return crossEntropy(tf, apply(images, { tf, weights: byName, statistics: { of: 'batch' } }), labels);
  };
  const lossAt = (variable: string, index: number, by: number) => {
    const data = start[variable]!.data.slice();
    data[index]! += by;
    const moved = { ...start, [variable]: { ...start[variable]!, data } };
    return loss(...Object.values(toTensors(tf, moved))).dataSync()[0]!;
  };
  return tf.tidy(() => {
    const gradients = tf.grads(loss)(Object.values(toTensors(tf, start)));
    const kernels = variables.map(({ kind }, i) => ({ kind, i })).filter(({ kind }) => kind === 'kernel');
    const [first, middle, last] = [0, kernels.length >> 1, kernels.length - 1].map((k) => kernels[k]!.i);
    return [first!, middle!, last!].map((i): [string, number, number] => {
      const gradient = [...gradients[i]!.dataSync()];
      const index = gradient.reduce(
        (best, value, k) => (Math.abs(value) > Math.abs(gradient[best]!) ? k : best),
        0,
      );
      const h = 0.002;
      const difference = (lossAt(names[i]!, index, h) - lossAt(names[i]!, index, -h)) / (2 * h);
      return [names[i]!, gradient[index]!, difference];
    });
  });
}

// Float32: a loss of about 3 is known to 3e-7, its difference over 2h = 0.004 to 1e-4; the steepest slopes are above
// 0.02, and a ReLU that changes sides on the way costs about as much. A wrong gradient is off by tens of per cent.
test.each(['inception', 'inception-without-batch-norm', 'alexnet', 'mlp-3x512'] as const)(
  'backpropagation through %s agrees with finite differences at the first, a middle and the last kernel',
  (name) => {
    for (const [variable, backpropagated, difference] of steepest(name)) {
      expect(Math.abs(backpropagated), variable).toBeGreaterThan(0.02);
      expect(backpropagated / difference, variable).toBeCloseTo(1, 1);
    }
  },
);
