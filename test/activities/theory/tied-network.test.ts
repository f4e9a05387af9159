import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { type NamedArrays, toTensors } from '../../../activities/tensorflow/named-arrays.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../activities/tensorflow/safetensors.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import { pointsOf } from '../../../activities/theory/sample.ts';
import { buildTheorem1 } from '../../../activities/theory/theorem-1.ts';
import { tiedNetwork } from '../../../activities/theory/tied-network.ts';

const [n, d] = [120, 784];
const sample = generatedPoints({ n, d, draw: stream(1, 'generated-points') });
const { below } = stream(2, 'procedural');
const labels = Array.from({ length: n }, () => below(10));
const build = (projection: 'integers-24' | 'integers-53') =>
  buildTheorem1({ sample, labels, projection, draw: stream(1, 'projection') });

/** The three dense layers on one point, every operation in float32, the last sum from its last term to its first: no
 *  order that the weights were computed in. */
function outputInFloat32(arrays: NamedArrays, z: ArrayLike<number>): number {
  const { fround } = Math;
  const values = (name: string) => arrays[name]!.data;
  const x = values('projection/kernel').reduce((sum, a, j) => fround(sum + fround(a * z[j]!)), 0);
  const hidden = values('hidden/bias').map((bias, j) =>
    Math.max(fround(fround(values('hidden/kernel')[j]! * x) + bias), 0),
  );
  return values('output/kernel').reduceRight((sum, w, j) => fround(sum + fround(w * hidden[j]!)), 0);
}

test('three dense layers d → 1 → n → 1 hold the 2n + d weights, the others are 1 and 0', async () => {
  const { network, weights } = await build('integers-24');
  const arrays = tiedNetwork(network);
  const shapes = Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]));
  expect(shapes).toEqual({
    'projection/kernel': [d, 1],
    'projection/bias': [1],
    'hidden/kernel': [1, n],
    'hidden/bias': [n],
    'output/kernel': [n, 1],
    'output/bias': [1],
  });
  const all = Object.values(arrays).reduce((sum, { data }) => sum + data.length, 0);
  expect(all - n - 2).toBe(weights);
  expect(new Set(arrays['hidden/kernel']!.data)).toEqual(new Set([1]));
});

test('in float32, summed in another order, the nearest class is every label', async () => {
  const arrays = tiedNetwork((await build('integers-24')).network);
  const errors: number[] = [];
  for await (const [i, z] of pointsOf(sample)) errors.push(Math.abs(outputInFloat32(arrays, z) - labels[i]!));
  expect(Math.max(...errors)).toBeLessThan(0.5);
});

test('from a safetensors file into TensorFlow.js, the model gives every label', async () => {
  const { tf } = loadTensorFlow();
  const file = encodeSafetensors(tiedNetwork((await build('integers-24')).network), {});
  const points: number[] = [];
  for await (const [, z] of pointsOf(sample)) points.push(...z);

  const outputs = tf.tidy(() => {
    const layer = toTensors(tf, decodeSafetensors(file).arrays);
    const dense = (x: ReturnType<typeof tf.tensor>, name: string) =>
      tf.add(tf.matMul(x, layer[`${name}/kernel`]!), layer[`${name}/bias`]!);
    const hidden = tf.relu(dense(dense(tf.tensor(points, [n, d]), 'projection'), 'hidden'));
    return [...dense(hidden, 'output').dataSync()];
  });

  expect(outputs.filter((output, i) => Math.abs(output - labels[i]!) < 0.5)).toHaveLength(n);
});

test('a network that float32 would round is refused', async () => {
  const { network } = await build('integers-53');
  expect(() => tiedNetwork(network)).toThrow(
    /^Number \d+ of the projection is -?\d+, which float32 does not hold/,
  );
});
