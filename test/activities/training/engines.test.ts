/** The compiled engine against the eager one, its reference. */
import { expect, test } from 'vitest';
import type { ModelName } from '../../../activities/contract.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { startCompiledEngine } from '../../../activities/training/compiled-engine.ts';
import { startEagerEngine } from '../../../activities/training/eager-engine.ts';
import type { Finished } from '../../../activities/training/loop.ts';
import { request, train } from './small-training.ts';

const { tf } = loadTensorFlow();

/** Steps with weight decay: two batches of eight images and one of four an epoch. */
async function both(model: ModelName, steps: number) {
  const { trajectory, ...rest } = request(model, { images: 20, batchSize: 8, steps, everySteps: steps });
  const optimizer = { learningRate: 0.01, momentum: 0.9, weightDecay: 0.0005 };
  const asked = { ...rest, trajectory: { ...trajectory, optimizer } };
  const compiled = await train(tf, asked, startCompiledEngine);
  const eager = await train(tf, asked, startEagerEngine);
  return [compiled.finished, eager.finished] as const;
}

/** ‖one − other‖ / ‖other‖ over all weights, or all momenta. */
function distance(kind: 'weights' | 'momenta', one: Finished, other: Finished): number {
  let [difference, size] = [0, 0];
  for (const [name, { data }] of Object.entries(other.state[kind])) {
    const ours = one.state[kind][name]!.data;
    for (let i = 0; i < data.length; i++) {
      difference += (ours[i]! - data[i]!) ** 2;
      size += data[i]! ** 2;
    }
  }
  return Math.sqrt(difference / size);
}

const distances = (one: Finished, other: Finished) => ({
  loss: Math.max(...one.state.losses.map((loss, i) => Math.abs(loss / other.state.losses[i]! - 1))),
  weights: distance('weights', one, other),
  momenta: distance('momenta', one, other),
});

test.each(['mlp-1x512', 'mlp-3x512'] as const)(
  'nine compiled steps of %s are those of eager execution but for rounding',
  async (model) => {
    const [compiled, eager] = await both(model, 9);
    const { loss, weights, momenta } = distances(compiled, eager);
    expect(loss).toBeLessThan(3e-6); // measured: 8e-7
    expect(weights).toBeLessThan(3e-7); // 6e-8
    expect(momenta).toBeLessThan(1e-5); // 1.5e-6
    expect([compiled.train, compiled.test]).toEqual([eager.train, eager.test]);
  },
);

test('an MLP that is evaluated 300 images at a time, and 128 at a time, has the same right answers', async () => {
  const asked = request('mlp-1x512', { images: 300, batchSize: 100, steps: 6, everySteps: 6 });
  const { finished: large } = await train(tf, asked, startCompiledEngine);
  const { finished: small } = await train(tf, asked, startEagerEngine);
  expect(large.train).toEqual(small.train);
  expect(large.train.correct).toBeGreaterThan(30); // chance
  expect(large.train.correct).toBeLessThan(300);
});

// The compiled graphs add up in another order, and Winograd's convolutions round twice as much as sums. A ReLU whose
// input is that close to nothing changes sides: one of the last layer's 131,712 (eight images) is 3e-3 of the gradient.
// Measured: 1.4e-3 for Inception, 9e-5 without batch norm, 3e-7 for AlexNet, which has no 3×3 filters. Batch norm over
// so few images amplifies that about tenfold a step.
test.each(['alexnet', 'inception', 'inception-without-batch-norm'] as const)(
  'a compiled step of %s is that of eager execution but for rounding, and five stay close',
  async (model) => {
    const first = distances(...(await both(model, 1)));
    const corners = model === 'alexnet' ? { weights: 1e-6, momenta: 1e-5 } : { weights: 1e-5, momenta: 5e-3 };
    expect(first.loss).toBeLessThan(1e-6);
    expect(first.weights).toBeLessThan(corners.weights);
    expect(first.momenta).toBeLessThan(corners.momenta);
    const later = distances(...(await both(model, 5)));
    expect(later.loss).toBeLessThan(1e-3);
    expect(later.weights).toBeLessThan(1e-2);
  },
);

test.each(['bfloat16', 'tf32'] as const)(
  'operation by operation there is no training in %s',
  async (precision) => {
    const { trajectory, ...rest } = request('mlp-1x512', {
      images: 4,
      batchSize: 4,
      steps: 1,
      everySteps: 1,
    });
    const before = tf.memory().numTensors;

    await expect(
      train(tf, { ...rest, trajectory: { ...trajectory, precision } }, startEagerEngine),
    ).rejects.toMatchObject({
      type: 'InvalidInput',
      message: `Trainings operation by operation, as on WebGPU, are in float32 and cannot be in ${precision}: train in float32, or on the CPU or an NVIDIA GPU.`,
    });
    expect(tf.memory().numTensors).toBe(before);
  },
);
