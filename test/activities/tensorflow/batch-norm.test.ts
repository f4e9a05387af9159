import { beforeAll, describe, expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { batchNorm, EPSILON } from '../../../activities/tensorflow/batch-norm.ts';
import { loadTensorFlow, type Tensor } from '../../../activities/tensorflow/load.ts';
import { loadWebGpu } from '../../../activities/tensorflow/webgpu.ts';
import { derivative } from './derivative.ts';
import { useSwiftShader } from './swiftshader.ts';

await useSwiftShader();
const { tf } = loadTensorFlow();
await loadWebGpu((error) => {
  throw error;
});
tf.env().set('WEBGPU_CPU_FORWARD', false); // or tensors as small as these are not computed on the device

// Three values a channel; over batch, rows and columns they are the same thing.
const X = [1, 2, 3, 4, 5, 9];
const SHIFT = [0.5, -1];
const SIDEWAYS = [1, -2, 3, 0.4, 0.5, 0.9]; // any weights, so that no gradient vanishes

/** The formula, in float64. x: [3, 1, 1, 2] */
function formula(x: number[], shift: number[]): number[] {
  return x.map((value, i) => {
    const channel = x.filter((_, k) => k % 2 === i % 2);
    const mean = channel.reduce((sum, other) => sum + other, 0) / 3;
    const variance = channel.reduce((sum, other) => sum + (other - mean) ** 2, 0) / 3;
    return (value - mean) / Math.sqrt(variance + EPSILON) + shift[i % 2]!;
  });
}

const weighted = (y: number[]) => y.reduce((sum, value, i) => sum + SIDEWAYS[i]! * value, 0);

/** Of all tensors, which are freed. */
async function valuesOf(tensors: Tensor[]): Promise<number[][]> {
  const values = await Promise.all(tensors.map(async (tensor) => [...(await tensor.data())]));
  tf.dispose(tensors);
  return values;
}

/** ∂(y · sideways) / ∂(x, shift) */
const gradients = (x: number[], shift: number[], sideways: number[]) =>
  tf.grads((x, shift) =>
    batchNorm(tf, x.as4D(-1, 1, 1, shift.size), shift.as1D())
      .y.flatten()
      .mul(sideways)
      .sum(),
  )([tf.tensor1d(x), tf.tensor1d(shift)]);

describe.each(['tensorflow', 'webgpu'])('on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  test('batch norm subtracts the mean, divides by the biased deviation and adds the shift', async () => {
    const [y] = await valuesOf(
      tf.tidy(() => [batchNorm(tf, tf.tensor4d(X, [3, 1, 1, 2]), tf.tensor1d(SHIFT)).y]),
    );
    // NumPy: (x - x.mean(0)) / np.sqrt(x.var(0) + 0.001) + shift
    const expected = [-0.7245153, -2.01899054, 0.5, -1.33966351, 1.7245153, 0.35865406];
    for (const [i, value] of expected.entries()) expect(y![i]).toBeCloseTo(value, 5); // float32
  });

  test('it gives the mean and the unbiased variance of the batch', async () => {
    const statistics = await valuesOf(
      tf.tidy(() => {
        const { mean, variance } = batchNorm(tf, tf.tensor4d(X, [3, 1, 1, 2]), tf.tensor1d(SHIFT));
        return [mean, variance];
      }),
    );
    const expected = [3, 5, 4, 13]; // x.mean(0), x.var(0, ddof=1)
    for (const [i, value] of statistics.flat().entries()) expect(value).toBeCloseTo(expected[i]!, 5); // float32
  });

  test('its gradients are those of finite differences, in the input and in the shift', async () => {
    const [dx, dShift] = await valuesOf(tf.tidy(() => gradients(X, SHIFT, SIDEWAYS)));
    const expectedX = derivative((x) => weighted(formula(x, SHIFT)), X);
    const expectedShift = derivative((shift) => weighted(formula(X, shift)), SHIFT);
    for (const [i, value] of expectedX.entries()) expect(dx![i]).toBeCloseTo(value, 3); // float32, sums of six terms
    for (const [i, value] of expectedShift.entries()) expect(dShift![i]).toBeCloseTo(value, 5);
  });

  test('a gradient of it leaves as many tensors as there were', () => {
    const before = tf.memory();
    tf.tidy(() => {
      gradients(X, SHIFT, SIDEWAYS);
    });
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
  });
});

test('the kernels composed for WebGPU agree with the fused ones over some thousand values a channel', async () => {
  const { normal } = stream(1, 'procedural');
  const noise = (length: number, mean: number) => Array.from({ length }, () => mean + normal());
  const [x, shift, sideways] = [noise(12 * 2000, 3), noise(12, 0), noise(12 * 2000, 0)]; // twelve channels
  const of = async (backend: string) => {
    await tf.setBackend(backend);
    return valuesOf(
      tf.tidy(() => {
        const { y, mean, variance } = batchNorm(tf, tf.tensor4d(x, [2000, 1, 1, 12]), tf.tensor1d(shift));
        return [y, mean, variance, ...gradients(x, shift, sideways)];
      }),
    );
  };
  const composed = (await of('webgpu')).flat();
  const fused = (await of('tensorflow')).flat();
  const differences = composed.map((value, i) => Math.abs(value - fused[i]!));
  expect(composed).toHaveLength(fused.length);
  expect(Math.max(...differences)).toBeLessThan(1e-4); // float32 sums of 2,000 terms, up to 100; 5e-5 was measured
});
