import { expect, test } from 'vitest';
import { createProgram } from '../../../../activities/tensorflow/compile/compile.ts';
import { fuseMomentum } from '../../../../activities/tensorflow/compile/fuse-momentum.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import { loadTensorFlow } from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();

const spec = (shape: number[]) => ({ dtype: 'float32', shape }) as const;

/** The operations that change variables, after the pass. */
function updates(fn: TensorFunction) {
  const specs = { inputs: { g: spec([3]), r: spec([]) }, variables: { w: spec([3]), v: spec([3]) } };
  return fuseMomentum(trace(tf, loadGraphLibrary(), fn, specs)).updates.map(({ op, variables }) => [
    op,
    ...variables,
  ]);
}

const momentum: TensorFunction = ({ g, r }, { w, v }) => {
  const next = v!.mul(0.9).add(g!);
  return { outputs: {}, updates: { w: w!.sub(next.mul(r!)), v: next } };
};

test('momentum and the step along it become one operation, whatever the order of factors and terms', () => {
  const fused = [['ResourceApplyMomentum', 'w', 'v']];
  expect(updates(momentum)).toEqual(fused);
  expect(
    updates(({ g, r }, { w, v }) => {
      const next = g!.add(tf.scalar(0.9).mul(v!));
      return { outputs: {}, updates: { v: next, w: w!.sub(r!.mul(next)) } };
    }),
  ).toEqual(fused);
});

test.each<[string, TensorFunction]>([
  [
    'a step along the old momentum',
    ({ g, r }, { w, v }) => ({
      outputs: {},
      updates: { w: w!.sub(v!.mul(r!)), v: v!.mul(0.9).add(g!) },
    }),
  ],
  [
    "Nesterov's look ahead",
    ({ g, r }, { w, v }) => {
      const next = v!.mul(0.9).add(g!);
      return { outputs: {}, updates: { w: w!.sub(next.mul(0.9).add(g!).mul(r!)), v: next } };
    },
  ],
  [
    'a rate for every weight',
    ({ g }, { w, v }) => {
      const next = v!.mul(0.9).add(g!);
      return { outputs: {}, updates: { w: w!.sub(next.mul(g!)), v: next } };
    },
  ],
  [
    'a step upwards',
    ({ g, r }, { w, v }) => {
      const next = v!.mul(0.9).add(g!);
      return { outputs: {}, updates: { w: next.mul(r!).sub(w!), v: next } };
    },
  ],
])('%s stays as it is written', (_, fn) => {
  expect(updates(fn)).toEqual([
    ['AssignVariableOp', 'w'],
    ['AssignVariableOp', 'v'],
  ]);
});

test('the fused operation gives the bits of the written ones', async () => {
  const values = (seed: number) => Float32Array.from({ length: 1000 }, (_, i) => Math.sin(seed * (i + 1)));
  const program = createProgram(tf, { precision: 'float32' });
  const of = (data: Float32Array) => ({ shape: [data.length], data });
  await program.define({ w: of(values(1)), v: of(values(2)) });
  const step = program.compile(momentum, { variables: ['w', 'v'] });
  const [g, r] = [values(3), Float32Array.of(0.0123)];
  await step.run({ g: of(g), r: { shape: [], data: r } });
  const { w, v } = await program.read(['w', 'v']);
  program.dispose();
  const eager = tf.tidy(() => {
    const asked = momentum(
      { g: tf.tensor(g), r: tf.scalar(r[0]!) },
      { w: tf.tensor(values(1)), v: tf.tensor(values(2)) },
    );
    return { w: asked.updates!.w!.dataSync(), v: asked.updates!.v!.dataSync() };
  });
  expect(w!.data).toEqual(eager.w);
  expect(v!.data).toEqual(eager.v);
});
