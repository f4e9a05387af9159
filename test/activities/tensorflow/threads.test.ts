import { existsSync, readdirSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';

const TASKS = '/proc/self/task';

afterEach(() => void vi.unstubAllEnvs());

test.runIf(existsSync(TASKS))('operations of ours get as many threads as TensorFlow is told', async () => {
  vi.stubEnv('TF_NUM_INTRAOP_THREADS', '5'); // before anything is loaded
  const { createProgram } = await import('../../../activities/tensorflow/compile/compile.ts');
  const { loadGraphLibrary } = await import('../../../activities/tensorflow/compile/library.ts');
  const { loadTensorFlow } = await import('../../../activities/tensorflow/load.ts');
  const { tf } = loadTensorFlow();
  const program = createProgram(tf, { precision: 'float32' });
  const matrix = { shape: [4, 4], data: new Float32Array(16).fill(1) };
  const theirs = program.compile(({ x }) => ({ outputs: { y: x!.exp() } }), { variables: [] });
  const ours = program.compile(
    ({ x }) => ({ outputs: { y: x!.as2D(4, 4).matMul(x!.as2D(4, 4)).add(x!.sum(0)) } }),
    {
      variables: [],
    },
  );
  await theirs.run({ x: matrix });
  const before = readdirSync(TASKS).length;
  await ours.run({ x: matrix });
  const more = readdirSync(TASKS).length - before;
  program.dispose();
  expect(more).toBe(loadGraphLibrary().vectorSets().length > 0 ? 4 : 0); // and the one that asks
});
