import { expect, test } from 'vitest';
import { createProgram } from '../../../../activities/tensorflow/compile/compile.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import { winograd } from '../../../../activities/tensorflow/compile/winograd.ts';
import { loadTensorFlow, type Tensor, type Tensor4D } from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();
const sets = loadGraphLibrary().vectorSets();

const values = (shape: number[], frequency: number) => ({
  shape,
  data: Float32Array.from(
    { length: shape.reduce((product, length) => product * length, 1) },
    (_, i) => Math.sin(frequency * (i + 1)) * 2,
  ),
});

interface Settings {
  strides?: number;
  pad?: 'same' | 'valid';
}

/** A convolution, and both gradients of a weighted sum of it. */
const convolution =
  ({ strides = 1, pad = 'same' }: Settings = {}): TensorFunction =>
  ({ images, filter, weights }) => {
    const convolve = (x: Tensor, w: Tensor) => tf.conv2d(x as Tensor4D, w as Tensor4D, strides, pad);
    const weighted = (...[x, w]: Tensor[]) => convolve(x!, w!).mul(weights!).sum();
    const [ofImages, ofFilter] = tf.grads(weighted)([images!, filter!]);
    return { outputs: { result: convolve(images!, filter!), ofImages: ofImages!, ofFilter: ofFilter! } };
  };

function inputsOf(images: number[], filter: number[], result = [...images.slice(0, 3), filter[3]!]) {
  return { images: values(images, 0.7), filter: values(filter, 1.3), weights: values(result, 1.9) };
}

async function compiled(inputs: ReturnType<typeof inputsOf>) {
  const program = createProgram(tf, { precision: 'float32' });
  const outputs = await program.compile(convolution(), { variables: [] }).run(inputs);
  program.dispose();
  return outputs;
}

function opsOf(inputs: ReturnType<typeof inputsOf>, settings: Settings) {
  const specs = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, { dtype: 'float32', shape } as const]),
  );
  const traced = trace(tf, loadGraphLibrary(), convolution(settings), { inputs: specs, variables: {} });
  return new Set(winograd(traced).nodes.flatMap(({ op }) => (op.includes('Conv2D') ? [op] : [])));
}

const OURS = ['WinogradConv2D', 'WinogradConv2DBackpropInput', 'WinogradConv2DBackpropFilter'];
const THEIRS = ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'];

test('a 3×3 convolution of stride 1 and its gradients become ours', () => {
  expect(opsOf(inputsOf([2, 8, 8, 32], [3, 3, 32, 48]), {})).toEqual(new Set(OURS));
});

test.each<[string, number[], number[], number[] | undefined, Settings]>([
  ['stride 2', [2, 8, 8, 32], [3, 3, 32, 48], [2, 4, 4, 48], { strides: 2 }],
  ['no padding', [2, 8, 8, 32], [3, 3, 32, 48], [2, 6, 6, 48], { pad: 'valid' }],
  ['a filter of 5×5', [2, 8, 8, 32], [5, 5, 32, 48], undefined, {}],
  ['a filter of 1×3', [2, 8, 8, 32], [1, 3, 32, 48], undefined, {}],
  ['channels that are no whole vectors', [2, 8, 8, 40], [3, 3, 40, 48], undefined, {}],
  ['too few channels to pay for the transforms', [2, 8, 8, 16], [3, 3, 16, 16], undefined, {}],
  ['images that are mostly a tile’s edge', [2, 2, 2, 32], [3, 3, 32, 48], undefined, {}],
])('%s stays TensorFlow’s', (_, images, filter, result, settings) => {
  expect(opsOf(inputsOf(images, filter, result), settings)).toEqual(new Set(THEIRS));
});

test.skipIf(sets.length === 0)('what is compiled computes with them, where the processor can', async () => {
  const [images, filter] = [
    [2, 8, 8, 32],
    [3, 3, 32, 48],
  ];
  const rows = Object.fromEntries(
    Object.entries(inputsOf(images!, filter!)).map(([name, { shape, data }]) => [
      name,
      { shape: [1, ...shape], data },
    ]),
  );
  const program = createProgram(tf, { precision: 'float32' });
  const profiled = await program.compile(convolution(), { variables: [] }).profile(rows);
  program.dispose();
  const labels = profiled.flatMap(({ node_stats }) => node_stats.map(({ timeline_label }) => timeline_label));
  for (const op of OURS) expect(labels.join('\n')).toContain(`= ${op}(`);
});

const SHAPES: [string, number[], number[]][] = [
  ['whole tiles', [2, 8, 8, 32], [3, 3, 32, 48]],
  ['tiles over both edges', [3, 7, 9, 48], [3, 3, 48, 32]],
  ['a single tile', [1, 3, 4, 64], [3, 3, 64, 32]],
  ['more runs than threads, and five vectors of channels', [5, 30, 29, 80], [3, 3, 80, 112]],
  ['sums larger than a cache', [9, 7, 7, 176], [3, 3, 176, 160]],
];

const plain = ({ images, filter, weights }: ReturnType<typeof inputsOf>) =>
  tf.tidy(() => {
    const given = Object.fromEntries(
      Object.entries({ images, filter, weights }).map(([name, { shape, data }]) => [
        name,
        tf.tensor(data, shape),
      ]),
    );
    const { outputs } = convolution()(given, {});
    return Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]),
    );
  });

const absolute = ({ shape, data }: ReturnType<typeof values>) => ({ shape, data: data.map(Math.abs) });

// Of the largest sum of absolute values: up to 1e-6 was measured, where a whole wave falls into a sum.
test.each(SHAPES)('%s: result and gradients are TensorFlow’s but for rounding', async (_, images, filter) => {
  const inputs = inputsOf(images, filter);
  const ours = await compiled(inputs);
  const theirs = plain(inputs);
  const sizes = plain({
    images: absolute(inputs.images),
    filter: absolute(inputs.filter),
    weights: absolute(inputs.weights),
  });
  for (const [name, { data }] of Object.entries(ours)) {
    const size = sizes[name]!.reduce((most, value) => Math.max(most, value), 0);
    const farthest = theirs[name]!.reduce((most, value, i) => Math.max(most, Math.abs(data[i]! - value)), 0);
    expect(farthest / size, name).toBeLessThan(3e-6);
  }
});

test.skipIf(sets.length < 2)('every instruction set of this processor gives the same bits', async () => {
  for (const [, images, filter] of SHAPES) {
    const inputs = inputsOf(images, filter);
    const bits = [];
    for (const set of sets) {
      loadGraphLibrary().chooseVectorSet(set);
      const outputs = Object.values(await compiled(inputs));
      bits.push(
        Buffer.concat(outputs.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))),
      );
    }
    for (const other of bits.slice(1)) expect(other.equals(bits[0]!)).toBe(true);
  }
});
