import { expect, test } from 'vitest';
import { network } from '../../../activities/models/network.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { startCompiledEngine } from '../../../activities/training/compiled-engine.ts';
import { drawMask, lastInputs } from '../../../activities/training/dropout.ts';
import { startEagerEngine } from '../../../activities/training/eager-engine.ts';
import { startTraining } from '../../../activities/training/loop.ts';
import { advanceTo, finish, request, train } from './small-training.ts';

const { tf } = loadTensorFlow();

test('a mask drops p of the inputs, within four standard deviations, and scales the others to the same mean', () => {
  const mask = drawMask(5, { images: 500, inputs: 200, probability: 0.2, seed: 1 });
  const dropped = mask.filter((scale) => scale === 0).length;
  expect(Math.abs(dropped - 20_000)).toBeLessThan(4 * Math.sqrt(100_000 * 0.2 * 0.8));
  expect(new Set(mask)).toEqual(new Set([0, 1.25]));
});

test('every step and every seed has a mask of its own', () => {
  const of = (step: number, seed: number) => [
    ...drawMask(step, { images: 2, inputs: 50, probability: 0.5, seed }),
  ];
  expect(of(1, 1)).toEqual(of(1, 1));
  expect(of(2, 1)).not.toEqual(of(1, 1));
  expect(of(1, 2)).not.toEqual(of(1, 1));
});

test.each([
  ['inception', 336],
  ['inception-without-batch-norm', 336],
  ['alexnet', 192],
  ['mlp-3x512', 512],
  ['mlp-1x512', 512],
] as const)('the last layer of %s has %i inputs', (model, inputs) => {
  expect(lastInputs(network(model))).toBe(inputs);
});

const asked = (dropout: number) => {
  const { trajectory, ...rest } = request('mlp-1x512', {
    images: 12,
    batchSize: 6,
    steps: 6,
    everySteps: 6,
  });
  return { ...rest, trajectory: { ...trajectory, dropout } };
};

test('a training with dropout is the same compiled and eager but for rounding, and differs from one without', async () => {
  const losses = async (...run: Parameters<typeof train>) => [...(await train(...run)).finished.state.losses];
  const compiled = await losses(tf, asked(0.5));
  const apart = (others: number[]) => Math.max(...others.map((loss, i) => Math.abs(loss / compiled[i]! - 1)));
  expect(apart(await losses(tf, asked(0.5), startEagerEngine))).toBeLessThan(1e-5); // measured: 1e-6
  expect(apart(await losses(tf, asked(0)))).toBeGreaterThan(0.1);
});

test('a training with dropout that goes on from step 3 takes the steps of one that never stopped', async () => {
  const whole = (await train(tf, asked(0.5))).finished.state;
  const first = await startTraining(tf, startCompiledEngine, { ...asked(0.5), stepsACall: () => 1 });
  await advanceTo(3, first);
  const from = await first.snapshot();
  first.dispose();
  const second = await startTraining(tf, startCompiledEngine, { ...asked(0.5), from });
  const { finished } = await finish(second);
  second.dispose();
  expect([...finished.state.losses]).toEqual([...whole.losses]);
});
