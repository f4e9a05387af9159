import { expect, test } from 'vitest';
import { createProgram } from '../../../../activities/tensorflow/compile/compile.ts';
import { hoist } from '../../../../activities/tensorflow/compile/hoist.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import type { TensorSpec } from '../../../../activities/tensorflow/compile/tensor-types.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import { loadTensorFlow } from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();

const vector = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });
const rows = (...values: number[][]) => ({
  shape: [values.length, values[0]!.length],
  data: Float32Array.from(values.flat()),
});

/** `fixed` is the same for all rows, and so are its square and twice that; `moving` grows, and its root with it. */
const mixed: TensorFunction = ({ x }, { fixed, moving }) => ({
  outputs: { y: fixed!.square().mul(2).add(moving!.sqrt()).add(x!) },
  updates: { moving: moving!.add(1) },
});

test('what only constants and unchanged variables lead to is computed before the loop, with its constants', () => {
  const spec: TensorSpec = { dtype: 'float32', shape: [2] };
  const specs = { inputs: { x: spec }, variables: { fixed: spec, moving: spec } };
  const { before, body, crossing } = hoist(trace(tf, loadGraphLibrary(), mixed, specs));
  const computing = ({ op }: { op: string }) => op !== 'Placeholder';
  const ops = (nodes: { op: string }[]) => nodes.filter(computing).map(({ op }) => op);
  expect(ops(before)).toEqual(['Square', 'Mul', 'Const']);
  expect(ops(body.nodes)).toEqual(['Const', 'Sqrt', 'Add', 'Add', 'Const', 'Add']);
  expect([...crossing]).toEqual([`${before[1]!.name}:0`]);
});

test('a scan computes it once for all rows, from the variables as they are when it begins', async () => {
  const program = createProgram(tf, { precision: 'float32' });
  try {
    await program.define({ fixed: vector(1, 2), moving: vector(0, 4) });
    const step = program.compile(mixed, { variables: ['fixed', 'moving'] });
    const x = rows([0, 0], [10, 20], [100, 200]);
    const expected = (fixed: number[], moving: number[]) =>
      [0, 1, 2].flatMap((row) =>
        [0, 1].map((i) =>
          Math.fround(2 * fixed[i]! ** 2 + Math.sqrt(moving[i]! + row) + x.data[2 * row + i]!),
        ),
      );
    const close = (given: ArrayLike<number>, wanted: number[]) =>
      wanted.forEach((value, i) => void expect(given[i]).toBeCloseTo(value, 4));

    close((await step.scan({ x })).y!.data, expected([1, 2], [0, 4]));
    await program.write({ fixed: vector(3, 5) });
    close((await step.scan({ x })).y!.data, expected([3, 5], [3, 7]));

    const ran = (await step.profile({ x })).flatMap(({ node_stats }) => node_stats);
    const times = (op: string) => ran.filter(({ node_name }) => node_name.includes(op)).length;
    expect([times('Square'), times('Sqrt')]).toEqual([1, 3]);
  } finally {
    program.dispose();
  }
});
