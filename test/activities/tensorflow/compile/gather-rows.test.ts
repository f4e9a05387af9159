import { expect, test } from 'vitest';
import { createProgram } from '../../../../activities/tensorflow/compile/compile.ts';
import { gatherRows } from '../../../../activities/tensorflow/compile/gather-rows.ts';
import { loadGraphLibrary } from '../../../../activities/tensorflow/compile/library.ts';
import { type TensorFunction, trace } from '../../../../activities/tensorflow/compile/trace.ts';
import { loadTensorFlow, type Tensor1D } from '../../../../activities/tensorflow/load.ts';

const { tf } = loadTensorFlow();

/** 50 rows of 3 × 1,000 numbers that say where they are. */
const ROWS = { shape: [50, 3, 1000], data: Float32Array.from({ length: 150_000 }, (_, i) => i) };

const spec = (dtype: 'float32' | 'int32', ...shape: number[]) => ({ dtype, shape });

const gather: TensorFunction = ({ indices }, { rows }) => ({
  outputs: { batch: rows!.gather(indices as Tensor1D) },
});

async function batchOf(indices: number[]): Promise<{ shape: number[]; data: Float32Array | Int32Array }> {
  const program = createProgram(tf, { precision: 'float32' });
  try {
    await program.define({ rows: ROWS });
    const compiled = program.compile(gather, { variables: ['rows'] });
    return (await compiled.run({ indices: { shape: [indices.length], data: Int32Array.from(indices) } }))
      .batch!;
  } finally {
    program.dispose();
  }
}

test('rows of float32 along the first axis are gathered by ours, and nothing else is', () => {
  const opsOf = (fn: TensorFunction) => {
    const inputs = { indices: spec('int32', 4) };
    const variables = { rows: spec('float32', 5, 3), labels: spec('int32', 5) };
    const traced = trace(tf, loadGraphLibrary(), fn, { inputs, variables });
    return gatherRows(traced).nodes.flatMap(({ op }) => (/Gather/.test(op) ? [op] : []));
  };
  expect(opsOf(gather)).toEqual(['GatherRows']);
  expect(
    opsOf(({ indices }, { rows, labels }) => ({
      outputs: {
        columns: rows!.gather(indices as Tensor1D, 1),
        labels: labels!.gather(indices as Tensor1D),
        several: rows!.gather(tf.reshape(indices!, [2, 2]).toInt()),
      },
    })),
  ).toEqual(['GatherV2', 'GatherV2', 'GatherV2']);
});

test.each<[string, number[]]>([
  ['no rows', []],
  ['one row', [7]],
  ['the last, the first and one twice', [49, 0, 7, 7]],
  ['more than one thread gathers', Array.from({ length: 128 }, (_, i) => (i * 7) % 50)],
])('a batch has the rows that were asked for, in their order: %s', async (_, indices) => {
  const { shape, data } = await batchOf(indices);
  expect(shape).toEqual([indices.length, 3, 1000]);
  const expected = Float32Array.from(
    indices.flatMap((index) => [...ROWS.data.subarray(index * 3000, (index + 1) * 3000)]),
  );
  expect(Buffer.from(data.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
});

test.each([50, -1])('row %d, which is not there, is refused', async (index) => {
  await expect(batchOf([3, index])).rejects.toThrow(`indices[1] is ${index}, and there are rows 0 to 49`);
});
