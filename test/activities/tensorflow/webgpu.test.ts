import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { ModelName } from '../../../activities/contract.ts';
import { convModule } from '../../../activities/models/convolution.ts';
import { initialise } from '../../../activities/models/initialise.ts';
import { type Architecture, network } from '../../../activities/models/network.ts';
import { stream } from '../../../activities/random/stream.ts';
import { registerComposed } from '../../../activities/tensorflow/composed.ts';
import { loadTensorFlow, type Tensor } from '../../../activities/tensorflow/load.ts';
import { type NamedArrays, readArrays, toTensors } from '../../../activities/tensorflow/named-arrays.ts';
import { registerReluGradient } from '../../../activities/tensorflow/relu-gradient.ts';
import { findAdapter, loadWebGpu } from '../../../activities/tensorflow/webgpu.ts';
import { cutOut, drawWindows, SIDE, whitenBatch } from '../../../activities/training/augment.ts';
import { startEagerEngine } from '../../../activities/training/eager-engine.ts';
import { trainingStep } from '../../../activities/training/step.ts';
import { noise, request, train } from '../training/small-training.ts';
import { useSwiftShader } from './swiftshader.ts';

/** Of the largest value of a tensor: float32 sums in another order. The largest that was measured: 8e-7 for the MLPs,
 *  7e-7 AlexNet, 8e-7 Inception without batch norm, and 9e-6 with it, which divides by deviations of 49 values. */
const BOUND = 5e-5;

await useSwiftShader();
const { tf } = loadTensorFlow(); // the CPU's kernels, which are compared with
const failures: Error[] = [];
const { device } = await loadWebGpu((error) => failures.push(error));

beforeEach(() => {
  failures.length = 0;
});

interface Steps {
  images: number;
  steps: number;
}

/** Some training steps on the same images: losses; the last step's logits; weights and momenta after it, which are
 *  the gradients after the first. */
async function trainOn(backend: 'tensorflow' | 'webgpu', model: ModelName, { images, steps }: Steps) {
  await tf.setBackend(backend);
  const { variables, apply } = network(model);
  const logits: Tensor[] = [];
  const observed: Architecture = {
    variables,
    apply(x, pass) {
      const y = apply(x, pass);
      logits.push(tf.keep(y.clone()));
      return y;
    },
  };
  const data = noise(images, 1);
  const batch = {
    images: tf.tensor4d(data.images, [images, 28, 28, 3]),
    labels: tf.tensor1d(Int32Array.from(data.labels), 'int32'),
    learningRate: tf.scalar(0.01),
  };
  let weights = toTensors(tf, initialise(variables, 1));
  let momenta = Object.fromEntries(variables.map(({ name, shape }) => [name, tf.zeros(shape)]));
  const losses: number[] = [];
  const memory: object[] = [];
  for (let step = 0; step < steps; step++) {
    tf.dispose(logits.splice(0));
    const optimizer = { momentum: 0.9, weightDecay: 0.0005 };
    const { loss, ...next } = trainingStep(tf, observed, optimizer, { weights, momenta }, batch);
    tf.dispose([weights, momenta]);
    ({ weights, momenta } = next);
    losses.push((await loss.data())[0]!);
    loss.dispose();
    memory.push(tf.memory());
  }
  const values = {
    ...prefixed('', await readArrays({ logits: logits[0]! })),
    ...prefixed('weights of ', await readArrays(weights)),
    ...prefixed('momenta of ', await readArrays(momenta)),
    loss: { shape: [steps], data: Float32Array.from(losses) },
  };
  tf.dispose([weights, momenta, logits, { ...batch }]);
  return { values, memory };
}

const prefixed = (prefix: string, arrays: NamedArrays): NamedArrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${prefix}${name}`, array]));

/** The tensors that differ by more than `bound` of their largest value, or by NaN. */
function apart(
  ours: NamedArrays,
  theirs: NamedArrays,
  bound: number,
): { name: string; difference: number }[] {
  return Object.entries(theirs)
    .map(([name, { data }]) => {
      const differences = data.map((value, i) => Math.abs(value - ours[name]!.data[i]!));
      return { name, difference: largest(differences) / largest(data.map(Math.abs)) };
    })
    .filter(({ difference }) => !(difference <= bound));
}

const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, value), 0);

test('what is compared with the CPU ran on SwiftShader, a GPU of software', async () => {
  expect(device).toMatch(/swiftshader/i);
  expect(await findAdapter()).toEqual({ name: device, isSoftware: true });
  await tf.setBackend('webgpu');
  expect(tf.getBackend()).toBe('webgpu');
});

test('without a driver there is no adapter, and loading says what to do', async () => {
  vi.stubEnv('VK_DRIVER_FILES', '/dev/null');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect(await findAdapter()).toBeNull();
  await expect(loadWebGpu(() => {})).rejects.toThrow('WebGPU finds no GPU: install its driver');
});

test('mlp-1x512 has in each of three steps what it has on the CPU, and a step leaves as many tensors and bytes as it found', async () => {
  const steps = { images: 8, steps: 3 };
  const gpu = await trainOn('webgpu', 'mlp-1x512', steps);
  const cpu = await trainOn('tensorflow', 'mlp-1x512', steps);
  expect(apart(gpu.values, cpu.values, BOUND)).toEqual([]);
  expect(gpu.memory[2]).toEqual(gpu.memory[1]); // the first makes buffers that are used again
  expect(failures).toEqual([]);
});

test.each<[ModelName, Steps]>([
  ['mlp-3x512', { images: 8, steps: 1 }],
  ['alexnet', { images: 2, steps: 1 }],
  ['inception', { images: 1, steps: 1 }],
  ['inception-without-batch-norm', { images: 1, steps: 1 }],
])('%s has the loss, logits, gradients and weights that it has on the CPU', async (model, steps) => {
  const gpu = await trainOn('webgpu', model, steps);
  const cpu = await trainOn('tensorflow', model, steps);
  expect(apart(gpu.values, cpu.values, BOUND)).toEqual([]);
  expect(failures).toEqual([]);
});

test('a kernel that is off by a thousandth is noticed', async () => {
  registerComposed(tf, 'ReluGrad', ({ dy, y }) => dy!.mul(y!.step()).mul(1.001));
  onTestFinished(() => registerReluGradient(tf));
  const gpu = await trainOn('webgpu', 'mlp-1x512', { images: 8, steps: 1 });
  const cpu = await trainOn('tensorflow', 'mlp-1x512', { images: 8, steps: 1 });
  const names = apart(gpu.values, cpu.values, 10 * BOUND).map(({ name }) => name);
  expect(names).toContain('momenta of dense-1/kernel'); // behind the ReLU
  expect(names).not.toContain('momenta of linear/kernel');
});

test('a training with its evaluations goes as on the CPU, and frees all that it made', async () => {
  const asked = request('mlp-1x512', { images: 20, batchSize: 8, steps: 2, everySteps: 2 });
  const before = tf.memory().numTensors;
  await tf.setBackend('webgpu');
  const gpu = await train(tf, asked, startEagerEngine);
  await tf.setBackend('tensorflow');
  const cpu = await train(tf, asked, startEagerEngine);
  expect(apart(gpu.finished.state.weights, cpu.finished.state.weights, BOUND)).toEqual([]);
  expect(gpu.finished.state.evaluations).toEqual(cpu.finished.state.evaluations);
  expect(gpu.finished.test).toEqual(cpu.finished.test);
  expect(tf.memory().numTensors).toBe(before);
  expect(failures).toEqual([]);
});

test('batch norm by given statistics, for evaluation, is that of the CPU', async () => {
  const layer = convModule('conv', { side: 3, stride: 2, channels: { in: 3, out: 8 }, batchNorm: true });
  const { images } = noise(4, 1);
  const channels = (value: number) => ({
    shape: [8],
    data: Float32Array.from({ length: 8 }, (_, i) => value + i),
  });
  const on = async (backend: 'tensorflow' | 'webgpu') => {
    await tf.setBackend(backend);
    const y = tf.tidy(() =>
      layer.apply(tf.tensor4d(images, [4, 28, 28, 3]), {
        tf,
        weights: toTensors(tf, initialise(layer.variables, 1)),
        statistics: {
          of: 'training-set',
          values: toTensors(tf, { 'conv/mean': channels(-4), 'conv/variance': channels(1) }),
        },
      }),
    );
    const values = await readArrays({ y });
    y.dispose();
    return values;
  };
  expect(apart(await on('webgpu'), await on('tensorflow'), BOUND)).toEqual([]);
});

test('random windows of images are cut out, mirrored and whitened as on the CPU', async () => {
  const { normal } = stream(1, 'procedural');
  const images = Float32Array.from({ length: 5 * SIDE * SIDE * 3 }, normal);
  const windows = drawWindows(0, 4, 1, { crop: true, flip: true });
  const on = async (backend: 'tensorflow' | 'webgpu') => {
    await tf.setBackend(backend);
    const int32 = (values: ArrayLike<number>) => tf.tensor1d(Int32Array.from(values), 'int32');
    const whitened = tf.tidy(() => {
      const places = { top: int32(windows.top), left: int32(windows.left), flip: int32(windows.flip) };
      return whitenBatch(
        tf,
        cutOut(tf, tf.tensor4d(images, [5, SIDE, SIDE, 3]), int32([4, 0, 3, 1]), places),
      );
    });
    const values = await readArrays({ whitened });
    whitened.dispose();
    return values;
  };
  expect(apart(await on('webgpu'), await on('tensorflow'), BOUND)).toEqual([]);
});

test('an array may be larger than the 128 MiB that WebGPU has unless asked for more', async () => {
  await tf.setBackend('webgpu');
  const ones = tf.fill([2 ** 25 + 1], 1);
  const last = ones.slice(2 ** 25, 1);
  expect([...(await last.data())]).toEqual([1]);
  tf.dispose([ones, last]);
  expect(failures).toEqual([]);
});

test('what fails on the device is told, since no call throws', async () => {
  await tf.setBackend('webgpu');
  const ones = tf.fill([2 ** 29], 1); // 2 GiB; SwiftShader has one at most
  const first = ones.slice(0, 1);
  await first.data(); // whatever was in that memory
  tf.dispose([ones, first]);
  expect(failures[0]?.message).toContain(`${device}: Buffer size (2147483648) exceeds`);
});
