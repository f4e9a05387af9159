import { expect, test } from 'vitest';
import {
  type Compiled,
  createProgram,
  type NamedHostTensors,
  type Program,
} from '../../../../activities/tensorflow/compile/compile.ts';
import { CompileError } from '../../../../activities/tensorflow/compile/compile-error.ts';
import type { TensorFunction } from '../../../../activities/tensorflow/compile/trace.ts';
import { loadTensorFlow } from '../../../../activities/tensorflow/load.ts';
import { runNative } from '../../../../activities/tensorflow/native.ts';

const { tf } = loadTensorFlow();

const vector = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });
const rows = (...values: number[][]) => ({
  shape: [values.length, values[0]!.length],
  data: Float32Array.from(values.flat()),
});

/** A program with variables, for the length of a test. */
async function using<T>(values: NamedHostTensors, use: (program: Program) => Promise<T>): Promise<T> {
  const program = createProgram(tf, { precision: 'float32' });
  try {
    await program.define(values);
    return await use(program);
  } finally {
    program.dispose();
  }
}

/** y = x·w, and w halves. */
const halving: TensorFunction = ({ x }, { w }) => ({
  outputs: { y: x!.mul(w!).sum() },
  updates: { w: w!.mul(0.5) },
});

const data = (tensors: NamedHostTensors, name: string) => [...tensors[name]!.data];

test('a call gives the outputs of the variables before it, and leaves their new values', () =>
  using({ w: vector(1, 2) }, async (program) => {
    const step = program.compile(halving, { variables: ['w'] });
    const outputs = await step.run({ x: vector(3, 4) });
    expect(outputs).toEqual({ y: { shape: [], data: Float32Array.of(11) } });
    expect(await program.read(['w'])).toEqual({ w: vector(0.5, 1) });
  }));

test('a scan is one call after the other: each row sees the variables as the row before left them', () =>
  using({ w: vector(8, 16) }, async (program) => {
    const step = program.compile(halving, { variables: ['w'] });
    const outputs = await step.scan({ x: rows([1, 0], [0, 1], [1, 1]) });
    expect(outputs).toEqual({ y: { shape: [3], data: Float32Array.of(8, 8, 6) } });
    expect(await program.read(['w'])).toEqual({ w: vector(1, 2) });
  }));

test('a scan of 10,000 rows carries its variables through all of them', () =>
  using({ n: { shape: [], data: Float32Array.of(0) } }, async (program) => {
    const count = program.compile(({ x }, { n }) => ({ outputs: { n: n! }, updates: { n: n!.add(x!) } }), {
      variables: ['n'],
    });
    const { n } = await count.scan({ x: { shape: [10_000], data: new Float32Array(10_000).fill(1) } });
    expect([n!.data[0], n!.data[9_999]]).toEqual([0, 9_999]);
    expect(data(await program.read(['n']), 'n')).toEqual([10_000]);
  }));

test('an output may be an input or a variable itself, and may be an integer', () =>
  using({ w: vector(1, 2) }, async (program) => {
    const same = program.compile(({ i }, { w }) => ({ outputs: { i: i!, w: w!, most: w!.argMax() } }), {
      variables: ['w'],
    });
    const outputs = await same.run({ i: { shape: [2], data: Int32Array.of(5, 6) } });
    expect(outputs).toEqual({
      i: { shape: [2], data: Int32Array.of(5, 6) },
      w: vector(1, 2),
      most: { shape: [], data: Int32Array.of(1) },
    });
  }));

test('an update that does not read its variable waits until the others have read it', () =>
  using({ w: vector(1, 2) }, async (program) => {
    const step = program.compile(({ x }, { w }) => ({ outputs: { w: w!.mul(1) }, updates: { w: x! } }), {
      variables: ['w'],
    });
    for (const value of [3, 4, 5, 6, 7]) {
      const before = data(await program.read(['w']), 'w');
      expect(data(await step.run({ x: vector(value, value) }), 'w')).toEqual(before);
    }
  }));

test('several functions share the variables of a program', () =>
  using({ w: vector(1, 2) }, async (program) => {
    const step = program.compile(halving, { variables: ['w'] });
    const look = program.compile((_, { w }) => ({ outputs: { sum: w!.sum() } }), { variables: ['w'] });
    await step.run({ x: vector(0, 0) });
    expect(data(await look.run({}), 'sum')).toEqual([1.5]);
  }));

test('a function is traced once for every signature, whether it is called or scanned', () =>
  using({}, async (program) => {
    let traces = 0;
    const double = program.compile(
      ({ x }) => {
        traces++;
        return { outputs: { y: x!.mul(2) } };
      },
      { variables: [] },
    );
    await double.run({ x: vector(1, 2) });
    await double.run({ x: vector(3, 4) });
    await double.scan({ x: rows([5, 6]) });
    expect(traces).toBe(1);
    expect(data(await double.run({ x: vector(1, 2, 3) }), 'y')).toEqual([2, 4, 6]);
    expect(traces).toBe(2);
  }));

test('what is traced is differentiated too', () =>
  using({ w: vector(1, 2) }, async (program) => {
    const descend = program.compile(
      ({ x }, { w }) => {
        const gradient = tf.grad((v) => v.square().mul(x!).sum())(w!);
        return { outputs: { gradient } };
      },
      { variables: ['w'] },
    );
    expect(data(await descend.run({ x: vector(3, 4) }), 'gradient')).toEqual([6, 16]);
  }));

/** The message with which a function is refused. */
async function refusal(use: (program: Program) => Promise<unknown> | unknown, values: NamedHostTensors = {}) {
  const error = await using(values, async (program) => {
    try {
      await use(program);
      return null;
    } catch (error) {
      return error;
    }
  });
  expect(error).toBeInstanceOf(CompileError);
  return (error as CompileError).message;
}

const compiled = (program: Program, fn: TensorFunction): Compiled => program.compile(fn, { variables: [] });

test('reading a value in the middle is refused', async () => {
  const message = await refusal((program) =>
    compiled(program, ({ x }) => ({ outputs: { y: x!.mul(x!.dataSync()[0]!) } })).run({ x: vector(1) }),
  );
  expect(message).toMatch(/^The function reads the value of a tensor, .* return the tensor as an output/);
});

test('a tensor from outside is refused, and can still be used outside', async () => {
  const outside = tf.tensor1d([1, 2]).mul(3);
  const written = tf.tensor1d([7]);
  const captured = (tensor: typeof outside) =>
    refusal((program) => compiled(program, () => ({ outputs: { y: tensor.add(1) } })).run({}));
  expect(await captured(outside)).toMatch(
    /^The function uses a tensor float32 \[2\] that was made outside of it/,
  );
  expect(await captured(written)).toMatch(/pass it as an input, or make it a variable\.$/);
  expect([...outside.add(1).dataSync(), ...written.dataSync()]).toEqual([4, 7, 7]);
});

test('an attribute that an operation does not have is refused with those it has', async () => {
  const message = await refusal((program) =>
    compiled(program, ({ x }) => ({
      outputs: { y: runNative(tf, 'Relu', { T: { type: 'float32' }, slope: { float: 0.1 } }, [x!], 1)[0]! },
    })).run({ x: vector(1) }),
  );
  expect(message).toBe('Relu has no attribute slope: it has T.');
});

test('an operation that TensorFlow does not have is refused by name', async () => {
  const message = await refusal((program) =>
    compiled(program, ({ x }) => ({ outputs: { y: runNative(tf, 'Rectify', {}, [x!], 1)[0]! } })).run({
      x: vector(1),
    }),
  );
  expect(message).toMatch(/^TensorFlow has no operation Rectify/);
});

test('operands that do not fit are refused by the operation they do not fit', async () => {
  const message = await refusal((program) =>
    compiled(program, ({ x }) => ({
      outputs: { y: runNative(tf, 'Softmax', { T: { type: 'float32' } }, [x!.sum()], 1)[0]! },
    })).run({ x: vector(1) }),
  );
  expect(message).toMatch(/^The operation Softmax cannot be recorded: .*rank/);
});

test('a shape that depends on values is refused', async () => {
  const message = await refusal((program) =>
    compiled(program, ({ x }) => ({
      outputs: { y: runNative(tf, 'Where', {}, [x!.greater(0)], 1)[0]! },
    })).run({
      x: vector(1),
    }),
  );
  expect(message).toMatch(/^The shape of what Where gives is \[-1,1\]: it depends on values/);
});

test('an update of another shape, or of no variable, is refused', async () => {
  const update = (updates: (w: ReturnType<typeof tf.tensor>) => object) =>
    refusal(
      (program) =>
        program
          .compile((_, { w }) => ({ outputs: {}, updates: updates(w!) as never }), { variables: ['w'] })
          .run({}),
      { w: vector(1, 2) },
    );
  expect(await update((w) => ({ w: w.sum() }))).toBe(
    'The new value of w is float32 [], expected float32 [2].',
  );
  expect(await update((w) => ({ v: w }))).toMatch(/expected one of the variables it was compiled with\.$/);
});

test('a second signature is refused where one was promised', async () => {
  const message = await refusal((program) =>
    program
      .compile(({ x }) => ({ outputs: { x: x! } }), {
        variables: [],
        inputs: { x: { dtype: 'float32', shape: [2] } },
      })
      .run({ x: vector(1, 2, 3) }),
  );
  expect(message).toBe(
    'The function is called with x float32 [3], and was compiled for x float32 [2] alone.',
  );
});

test('a scan over inputs of different lengths is refused with all of them', async () => {
  const message = await refusal((program) =>
    compiled(program, ({ x, y }) => ({ outputs: { sum: x!.add(y!) } })).scan({
      x: vector(1, 2, 3),
      y: vector(1, 2),
    }),
  );
  expect(message).toMatch(/one number of rows, and got x float32 \[3\], y float32 \[2\]\.$/);
});

test('variables are written and read, and what does not fit is refused', async () => {
  await using({ w: vector(1, 2) }, async (program) => {
    await program.write({ w: vector(5, 6) });
    expect(await program.read(['w'])).toEqual({ w: vector(5, 6) });
  });
  const values = { w: vector(1, 2) };
  expect(await refusal((program) => program.write({ w: vector(1) }), values)).toBe(
    'The new value of w is float32 [1], expected float32 [2].',
  );
  expect(await refusal((program) => program.read(['v']), values)).toBe(
    'There is no variable v: define it first. There are w.',
  );
  expect(await refusal((program) => program.define(values), values)).toBe(
    'The variable w is there already: write to it.',
  );
});

test('after a refusal, and after a failure of the function itself, tfjs computes as before', async () => {
  const before = tf.memory().numTensors;
  await using({}, async (program) => {
    const failing = compiled(program, ({ x }) => {
      x!.mul(2);
      throw new Error('of its own');
    });
    await expect(failing.run({ x: vector(1) })).rejects.toThrow('of its own');
  });
  expect(tf.getBackend()).toBe('tensorflow');
  expect(tf.memory().numTensors).toBe(before);
});

test('a profile tells which operation took how long, on which device', () =>
  using({ w: vector(1, 2) }, async (program) => {
    const step = program.compile(halving, { variables: ['w'] });
    const devices = await step.profile({ x: rows([1, 0], [0, 1]) });
    const cpu = devices.find(({ device }) => device.endsWith('CPU:0'))!;
    const sums = cpu.node_stats.filter(({ node_name }) => /\/Sum_/.test(node_name));
    expect(sums).toHaveLength(2); // one a row
    expect(sums.every((sum) => sum.op_end_rel_micros >= sum.op_start_rel_micros)).toBe(true);
    expect(await program.read(['w'])).toEqual({ w: vector(0.25, 0.5) }); // it computes too
  }));

test('10,000 calls leave no tensor and no memory behind', async () => {
  const before = tf.memory();
  const n = 4096; // 16 KiB in, 16 KiB out, 16 KiB of new variable: a leak of one of them would be 160 MB
  await using({ w: { shape: [n], data: new Float32Array(n) } }, async (program) => {
    const step = program.compile(({ x }, { w }) => ({ outputs: { y: w! }, updates: { w: w!.add(x!) } }), {
      variables: ['w'],
    });
    const x = { shape: [n], data: new Float32Array(n).fill(1) };
    const call = async (times: number) => {
      for (let i = 0; i < times; i++) await step.run({ x });
      return process.memoryUsage().rss;
    };
    const warm = await call(2_000);
    expect((await call(10_000)) - warm).toBeLessThan(64 * 2 ** 20); // collected when V8 finds time
    expect(data(await program.read(['w']), 'w')[0]).toBe(12_000);
  });
  expect(tf.memory()).toMatchObject({
    numTensors: before.numTensors,
    numDataBuffers: before.numDataBuffers,
  });
});

test('a program that was disposed of computes nothing any more', async () => {
  const program = createProgram(tf, { precision: 'float32' });
  await program.define({ w: vector(1) });
  const step = program.compile((_, { w }) => ({ outputs: { y: w!.sum() } }), { variables: ['w'] });
  await step.run({});
  program.dispose();
  await expect(step.run({})).rejects.toThrow(/closed/);
});

test('programs that come and go need the memory of one', async () => {
  const bytes = 2 ** 27;
  const rssAfterProgram = () =>
    using({ w: { shape: [bytes / 4], data: new Float32Array(bytes / 4) } }, async (program) => {
      const sum = program.compile((_, { w }) => ({ outputs: { y: w!.sum() } }), { variables: ['w'] });
      await sum.run({});
    }).then(() => process.memoryUsage().rss);
  await rssAfterProgram();
  const two = await rssAfterProgram(); // the allocator keeps what was freed, and now has enough
  for (let i = 0; i < 4; i++) await rssAfterProgram();
  expect((await rssAfterProgram()) - two).toBeLessThan(bytes);
});
