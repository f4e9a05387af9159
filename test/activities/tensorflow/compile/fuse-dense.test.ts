import { expect, test } from 'vitest';
import { canonical } from '../../../../activities/tensorflow/compile/canonical.ts';
import { createProgram, type NamedHostTensors } from '../../../../activities/tensorflow/compile/compile.ts';
import { fuseDense } from '../../../../activities/tensorflow/compile/fuse-dense.ts';
import { fuseMomentum } from '../../../../activities/tensorflow/compile/fuse-momentum.ts';
import { living } from '../../../../activities/tensorflow/compile/indexed.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import {
  loadTensorFlow,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();
const sets = loadGraphLibrary().vectorSets();

const values = (shape: number[], frequency: number) => ({
  shape,
  data: Float32Array.from(
    { length: shape.reduce((product, length) => product * length, 1) },
    (_, i) => Math.sin(frequency * (i + 1)) * 2,
  ),
});

const layers = (x: Tensor, { w1, b1, w2, b2 }: NamedTensorMap) =>
  (x as Tensor2D)
    .matMul(w1 as Tensor2D)
    .add(b1!)
    .relu()
    .matMul<Tensor2D>(w2 as Tensor2D)
    .add<Tensor2D>(b2!);

const WEIGHTS = ['w1', 'b1', 'w2', 'b2'] as const;

/** The gradients of a weighted sum of two layers' results in `names`. */
const gradients =
  (names: readonly string[]): TensorFunction =>
  (inputs) => {
    const loss = (...given: Tensor[]) => {
      const all = { ...inputs, ...Object.fromEntries(names.map((name, i) => [name, given[i]!])) };
      return layers(all.x!, all).mul(all.weights!).sum<Scalar>();
    };
    const found = tf.grads(loss)(names.map((name) => inputs[name]!));
    return {
      outputs: {
        y: layers(inputs.x!, inputs),
        ...Object.fromEntries(names.map((name, i) => [`d${name}`, found[i]!])),
      },
    };
  };

function inputsOf([m, k, h, n]: number[]) {
  return {
    x: values([m!, k!], 0.7),
    w1: values([k!, h!], 1.3),
    b1: values([h!], 0.4),
    w2: values([h!, n!], 1.7),
    b2: values([n!], 0.9),
    weights: values([m!, n!], 1.9),
  };
}

const SMALL = inputsOf([4, 6, 8, 3]);

const specsOf = (tensors: NamedHostTensors) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape }]) => [name, { dtype: 'float32', shape } as const]),
  );

function fused(fn: TensorFunction, inputs: NamedHostTensors, variables: NamedHostTensors) {
  const specs = { inputs: specsOf(inputs), variables: specsOf(variables) };
  const { nodes, updates } = fuseDense(
    living(fuseMomentum(canonical(trace(tf, loadGraphLibrary(), fn, specs)))),
  );
  const isOf = (op: string) => /MatMul|^Dense|Relu|^Add|^BiasAdd/.test(op);
  return { ops: nodes.map(({ op }) => op).filter(isOf), updates: updates.map(({ op }) => op) };
}

test('layers and their gradients become four operations each, and their sums and ReLUs with them', () => {
  const { ops } = fused(gradients(['x', ...WEIGHTS]), SMALL, {});
  expect(ops.toSorted()).toEqual(
    // The result is computed twice: once for itself, once for the gradients, which do not need the last layer's.
    [
      ...['Dense', 'Dense', 'Dense'],
      ...['DenseBackpropInput', 'DenseBackpropInput'],
      ...['DenseBackpropKernel', 'DenseBackpropKernel'],
    ],
  );
});

test.each<[string, TensorFunction]>([
  ['without a bias', ({ x, w1 }) => ({ outputs: { y: (x as Tensor2D).matMul(w1 as Tensor2D) } })],
  [
    'with one number for all columns',
    ({ x, w1, one }) => ({ outputs: { y: (x as Tensor2D).matMul(w1 as Tensor2D).add(one!) } }),
  ],
  [
    'that is wanted itself',
    ({ x, w1, b1 }) => {
      const product = (x as Tensor2D).matMul<Tensor2D>(w1 as Tensor2D);
      return { outputs: { product, y: product.add(b1!) } };
    },
  ],
  [
    'of more than two dimensions',
    ({ x, w1, b1 }) => ({ outputs: { y: tf.matMul(x!.expandDims(0), w1!.expandDims(0)).add(b1!) } }),
  ],
])('a product %s stays TensorFlow’s', (_, fn) => {
  const { ops } = fused(fn, { ...SMALL, one: values([1], 1) }, {});
  expect(ops).toContain('BatchMatMulV2');
  expect(ops).not.toContain('Dense');
});

const forward: TensorFunction = ({ x }, variables) => ({ outputs: { y: layers(x!, variables) } });

test('kernels that nothing changes are laid out in panels, each once', () => {
  const { weights: _, x, ...variables } = SMALL;
  const twice: TensorFunction = (inputs, variables) => ({
    outputs: { y: forward(inputs, variables).outputs.y!, again: layers(inputs.x!.mul(2), variables) },
  });
  expect(fused(twice, { x }, variables).ops.toSorted()).toEqual([
    ...['Dense', 'Dense', 'Dense', 'Dense'],
    ...['DensePanels', 'DensePanels'],
  ]);
});

test('layers over panels give the bits of layers over matrices', async () => {
  const { weights: _, x, ...variables } = inputsOf([150, 300, 70, 10]);
  const program = createProgram(tf, { precision: 'float32' });
  try {
    await program.define(variables);
    const given = { x, ...variables };
    const overMatrices = program.compile((all) => ({ outputs: { y: layers(all.x!, all) } }), {
      variables: [],
    });
    const overPanels = program.compile(forward, { variables: Object.keys(variables) });
    const { y } = await overPanels.run({ x });
    expect(y).toEqual((await overMatrices.run(given)).y);
    const stacked = { shape: [1, ...x.shape], data: x.data };
    expect((await overPanels.scan({ x: stacked })).y!.data).toEqual(y!.data);
  } finally {
    program.dispose();
  }
});

/** A step along the momentum of every weight, at a rate that may follow from the gradients. */
const trainingAt =
  (rateOf: (rate: Tensor, gradients: Tensor[]) => Tensor): TensorFunction =>
  ({ x, weights, rate }, variables) => {
    const given = WEIGHTS.map((name) => variables[name]!);
    const loss = (...current: Tensor[]) =>
      layers(x!, Object.fromEntries(WEIGHTS.map((name, i) => [name, current[i]!])))
        .mul(weights!)
        .sum<Scalar>();
    const { value, grads } = tf.valueAndGrads(loss)(given);
    const momenta = WEIGHTS.map((name, i) => variables[`v-${name}`]!.mul(0.9).add(grads[i]!));
    const step = rateOf(rate!, grads);
    return {
      outputs: { loss: value },
      updates: Object.fromEntries([
        ...WEIGHTS.map((name, i) => [name, given[i]!.sub(momenta[i]!.mul(step))] as const),
        ...WEIGHTS.map((name, i) => [`v-${name}`, momenta[i]!] as const),
      ]),
    };
  };

const training = trainingAt((rate) => rate);

/** What training reads, of inputsOf's shapes. */
function trainingOf({ x, weights, ...variables }: ReturnType<typeof inputsOf>) {
  const momenta = Object.fromEntries(
    Object.entries(variables).map(([name, { shape }]) => [`v-${name}`, values(shape, 0.2)] as const),
  );
  return { inputs: { x, weights, rate: values([], 0.005) }, variables: { ...variables, ...momenta } };
}

test('momenta of kernels are updated in place, and those of biases by TensorFlow', () => {
  const { inputs, variables } = trainingOf(SMALL);
  const { ops, updates } = fused(training, inputs, variables);
  expect(ops).not.toContain('DenseBackpropKernel');
  expect(updates.toSorted()).toEqual([
    ...['DenseMomentum', 'DenseMomentum'],
    ...['ResourceApplyMomentum', 'ResourceApplyMomentum'],
  ]);
});

test.each<[string, (variables: NamedTensorMap) => NamedTensorMap]>([
  ['an output', ({ w1 }) => ({ w1: w1! })],
  ['reshaped and an output', ({ w2 }) => ({ w2: w2!.reshape([-1]) })],
  ['a factor of what may be a gradient', ({ w1 }) => ({ y: tf.matMul(w1!, w1!, true, false) })],
])('a kernel that is also %s is not changed under the hands of who reads it', (_, also) => {
  const { inputs, variables } = trainingOf(inputsOf([8, 8, 8, 8]));
  const { updates } = fused(
    (given, current) => {
      const { outputs, updates: next } = training(given, current);
      return { outputs: { ...outputs, ...also(current) }, updates: next! };
    },
    inputs,
    variables,
  );
  expect(updates.filter((op) => op === 'DenseMomentum')).toHaveLength(1);
});

test('a rate that follows from the gradient in a bias needs that gradient before the update', async () => {
  const { inputs, variables } = trainingOf(SMALL);
  const slowed = trainingAt((rate, gradients) => rate.div(gradients.at(-1)!.norm().add(1)));
  expect(fused(slowed, inputs, variables).updates).toContain('DenseMomentum');
  const program = createProgram(tf, { precision: 'float32' });
  await program.define(variables);
  await program.compile(slowed, { variables: Object.keys(variables) }).run(inputs);
  const ours = await program.read(['w2']);
  program.dispose();
  expect(error(ours.w2!, plain(slowed, inputs, variables).updates.w2!)).toBeLessThan(1e-5);
});

const SHAPES: [string, number[]][] = [
  ['columns and rows in whole panels', [128, 64, 96, 32]],
  ['columns and rows that fill no panel', [7, 37, 45, 10]],
  ['one of each', [1, 1, 1, 1]],
  ['sums and a batch longer than a block', [300, 700, 33, 17]],
];

async function compiled(inputs: NamedHostTensors) {
  const program = createProgram(tf, { precision: 'float32' });
  const outputs = await program.compile(gradients(['x', ...WEIGHTS]), { variables: [] }).run(inputs);
  program.dispose();
  return outputs;
}

const plain = (fn: TensorFunction, inputs: NamedHostTensors, variables: NamedHostTensors = {}) =>
  tf.tidy(() => {
    const tensors = (given: NamedHostTensors) =>
      Object.fromEntries(
        Object.entries(given).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
      );
    const { outputs, updates = {} } = fn(tensors(inputs), tensors(variables));
    const read = (given: NamedTensorMap) =>
      Object.fromEntries(
        Object.entries(given).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()] as const),
      );
    return { outputs: read(outputs), updates: read(updates) };
  });

const greatest = (of: Iterable<number>) =>
  [...of].reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The farthest of ours from theirs, of the largest of them. */
const error = (ours: NamedHostTensors[string], theirs: Float32Array) =>
  greatest([...theirs].map((value, i) => ours.data[i]! - value)) / greatest(theirs);

// Of the largest result, which is less than the sums that cancel in it: up to 5e-6 was measured.
test.each(SHAPES)('%s: results and gradients are TensorFlow’s but for rounding', async (_, shape) => {
  const inputs = inputsOf(shape);
  const ours = await compiled(inputs);
  const theirs = plain(gradients(['x', ...WEIGHTS]), inputs).outputs;
  expect(Object.keys(ours).toSorted()).toEqual(Object.keys(theirs).toSorted());
  for (const [name, tensor] of Object.entries(ours)) {
    expect(error(tensor, theirs[name]!), name).toBeLessThan(1.5e-5);
  }
});

test('five steps in one call are five of TensorFlow’s, one after the other', async () => {
  const { inputs, variables } = trainingOf(inputsOf([20, 50, 40, 10]));
  const program = createProgram(tf, { precision: 'float32' });
  await program.define(variables);
  const names = Object.keys(variables);
  const rows = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [
      name,
      {
        shape: [5, ...shape],
        data: Float32Array.from(
          Array(5)
            .fill([...data])
            .flat(),
        ),
      },
    ]),
  );
  const { loss } = await program.compile(training, { variables: names }).scan(rows);
  const ours = await program.read(names);
  program.dispose();

  let current: NamedHostTensors = variables;
  for (let step = 0; step < 5; step++) {
    const { outputs, updates } = plain(training, inputs, current);
    expect(loss!.data[step]! / outputs.loss![0]!).toBeCloseTo(1, 4);
    current = Object.fromEntries(
      names.map((name) => [name, { shape: current[name]!.shape, data: updates[name]! }]),
    );
  }
  for (const name of names) {
    expect(error(ours[name]!, current[name]!.data as Float32Array), name).toBeLessThan(1e-5);
  }
});

test('what is read of variables is of one moment, whatever runs at the same time', async () => {
  const [x, weights] = [values([16, 1000], 0.7), values([16, 250], 1.9)];
  // The gradient is always the same, so the momentum after any number of steps is a multiple of it.
  const step: TensorFunction = (given, { w, b, v }) => {
    const loss = (kernel: Tensor) =>
      (given.x as Tensor2D)
        .matMul(kernel as Tensor2D)
        .add(b!)
        .mul(given.weights!)
        .sum<Scalar>();
    const next = v!.mul(0.9).add(tf.grad(loss)(w!));
    return { outputs: {}, updates: { w: w!.sub(next.mul(given.rate!)), v: next } };
  };
  const inputs = { x, weights, rate: values([], 1e-3) };
  const zeros = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
  const variables = { w: zeros(1000, 250), b: zeros(250), v: zeros(1000, 250) };
  expect(fused(step, inputs, variables).updates).toEqual(['DenseMomentum']);

  const program = createProgram(tf, { precision: 'float32' });
  await program.define(variables);
  const compiled = program.compile(step, { variables: Object.keys(variables) });
  await compiled.run(inputs);
  const [gradient] = [(await program.read(['v'])).v!.data];
  const calls = Array.from({ length: 20 }, () => ({ step: compiled.run(inputs), read: program.read(['v']) }));
  for (const { step: done, read } of calls) {
    await done;
    const state = (await read).v!.data;
    const multiple = state[0]! / gradient[0]!;
    const farthest = greatest(state.map((value, i) => value - multiple * gradient[i]!));
    expect(farthest / greatest(state)).toBeLessThan(1e-5);
  }
  program.dispose();
});

test.skipIf(sets.length === 0)('what is compiled computes with them, where the processor can', async () => {
  const { inputs, variables } = trainingOf(SMALL);
  const program = createProgram(tf, { precision: 'float32' });
  await program.define(variables);
  const rows = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [name, { shape: [1, ...shape], data }]),
  );
  const profiled = await program.compile(training, { variables: Object.keys(variables) }).profile(rows);
  program.dispose();
  const labels = profiled.flatMap(({ node_stats }) => node_stats.map(({ timeline_label }) => timeline_label));
  for (const op of ['Dense', 'DenseBackpropInput', 'DenseMomentum']) {
    expect(labels.join('\n')).toContain(`= ${op}(`);
  }
});

test.skipIf(sets.length < 2)('every instruction set of this processor gives the same bits', async () => {
  for (const [, shape] of SHAPES) {
    const bits = [];
    for (const set of sets) {
      loadGraphLibrary().chooseVectorSet(set);
      const outputs = Object.values(await compiled(inputsOf(shape)));
      bits.push(
        Buffer.concat(outputs.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))),
      );
    }
    for (const other of bits.slice(1)) expect(other.equals(bits[0]!)).toBe(true);
  }
});
