import { expect, test } from 'vitest';
import type { Trajectory } from '../../../activities/contract.ts';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { startCompiledEngine } from '../../../activities/training/compiled-engine.ts';
import { startTraining, stepsAtOnce } from '../../../activities/training/loop.ts';
import { ending, finish, request, train } from './small-training.ts';

const { tf } = loadTensorFlow();

test('one hidden layer of 512 interpolates 64 random labels within a hundred steps, and then stops', async () => {
  const { finished } = await train(tf, {
    ...request('mlp-1x512', { images: 64, batchSize: 64, steps: 100, everySteps: 5 }),
    stop: { steps: 100, when: 'interpolated' },
  });
  expect(finished).toMatchObject({ stopped: 'interpolated', train: { correct: 64, images: 64 } });
  expect(finished.state.step).toBe(finished.firstStepAt[100]);
});

test('every call and every evaluation is an event, and the state keeps all losses', async () => {
  const asked = request('mlp-1x512', { images: 20, batchSize: 8, steps: 7, everySteps: 3 });
  const { events, finished } = await train(tf, { ...asked, stepsACall: () => 2 });
  expect(
    events.map((event) => (event.kind === 'steps' ? event.step : `evaluated ${event.evaluation.step}`)),
  ).toEqual([2, 3, 'evaluated 3', 5, 6, 'evaluated 6', 7]); // the third batch of an epoch has 4 images
  expect([...finished.state.losses]).toEqual(
    events.flatMap((event) => (event.kind === 'steps' ? [...event.losses] : [])),
  );
  expect(finished.loss).toEqual({
    mean: (finished.state.losses[4]! + finished.state.losses[5]! + finished.state.losses[6]!) / 3,
    window: 3, // ⌈20 / 8⌉ steps an epoch
  });
});

test('how many steps a call takes changes no number', async () => {
  const asked = request('mlp-1x512', { images: 24, batchSize: 8, steps: 9, everySteps: 9 });
  const one = await train(tf, { ...asked, stepsACall: () => 1 });
  const many = await train(tf, { ...asked, stepsACall: () => 5 });
  expect(one.events.length).toBeGreaterThan(many.events.length);
  expect(ending(many.finished)).toEqual(ending(one.finished));
});

const LIMITS = { most: 100, end: 1000, everySteps: 1000, epoch: 391, lastBatchIsWhole: false };

test.each([
  [0, LIMITS, 100],
  [0, { ...LIMITS, everySteps: 8 }, 8], // up to the evaluation
  [6, { ...LIMITS, everySteps: 8 }, 2],
  [995, LIMITS, 5], // up to the end
  [380, LIMITS, 10], // up to the last batch of the epoch, which is smaller
  [390, LIMITS, 1], // that one alone
  [391, LIMITS, 100],
  [380, { ...LIMITS, lastBatchIsWhole: true }, 100],
])('after %i steps, with %j, one call takes %i steps', (step, limits, expected) => {
  expect(stepsAtOnce(step, limits)).toBe(expected);
});

test('the whole training set decides thresholds when fewer images are monitored', async () => {
  const { trajectory, ...rest } = request('mlp-1x512', {
    images: 64,
    batchSize: 64,
    steps: 60,
    everySteps: 2,
  });
  const { finished } = await train(tf, {
    ...rest,
    trajectory: { ...trajectory, evaluation: { everySteps: 2, monitored: 16 } },
    stop: { steps: 60, when: 'interpolated' },
  });
  const { evaluations } = finished.state;
  expect(evaluations[0]).toMatchObject({ train: { images: 16 }, wholeTrain: null });
  expect(evaluations.at(-1)).toMatchObject({
    train: { images: 16 },
    wholeTrain: { correct: 64, images: 64 },
  });
  expect(finished.stopped).toBe('interpolated');
});

test('the end shows both splits whole and the statistics of batch norm', async () => {
  const { trajectory, ...rest } = request('inception', { images: 12, batchSize: 6, steps: 1, everySteps: 9 });
  const { finished } = await train(tf, {
    ...rest,
    trajectory: { ...trajectory, evaluation: { everySteps: 9, monitored: 4 } },
  });
  expect([finished.train.images, finished.test.images]).toEqual([12, 10]);
  expect(finished.batchNorm!['inception-8/conv-3x3/mean']!.shape).toEqual([160]);
  expect(finished.batchNorm!['conv-1/variance']!.data.every((variance) => variance > 0)).toBe(true);
});

test('a loss that is not finite fails with step and rate, and the losses before it can still be read', async () => {
  const { trajectory, ...rest } = request('mlp-1x512', {
    images: 20,
    batchSize: 20,
    steps: 50,
    everySteps: 99,
  });
  const training = await startTraining(tf, startCompiledEngine, {
    ...rest,
    trajectory: { ...trajectory, optimizer: { learningRate: 1e30, momentum: 0.9, weightDecay: 0 } },
  });
  await expect(finish(training)).rejects.toMatchObject({
    type: 'LossNotFinite',
    message: expect.stringMatching(
      /^The loss of mlp-1x512 is (NaN|Infinity) at step 2 with learning rate 1e\+30/,
    ),
  });
  const losses = training.losses();
  expect([losses.length, Number.isFinite(losses[0])]).toEqual([1, true]);
  training.dispose();
});

test('weight decay is in the loss and pulls the kernels in', async () => {
  const decayed = async (weightDecay: number) => {
    const { trajectory, ...rest } = request('mlp-1x512', {
      images: 20,
      batchSize: 20,
      steps: 2,
      everySteps: 9,
    });
    const optimizer = { learningRate: 0.01, momentum: 0.9, weightDecay };
    const { state } = (await train(tf, { ...rest, trajectory: { ...trajectory, optimizer } })).finished;
    const squares = state.weights['dense-1/kernel']!.data.reduce((sum, w) => sum + w ** 2, 0);
    return { loss: state.losses[0]!, squares };
  };
  const [without, withDecay] = [await decayed(0), await decayed(0.1)];
  // Kernels of He's rule: ‖w‖² is about 2·512 + 2·10, so that λ/2·‖w‖² is about 52; a per cent of scatter.
  expect(withDecay.loss - without.loss).toBeCloseTo(52, -0.5);
  expect(withDecay.squares).toBeLessThan(without.squares);
});

test('decay of dense kernels alone leaves those of convolutions out of the loss', async () => {
  const first = async (optimizer: Partial<Trajectory['optimizer']>) => {
    const { trajectory, ...rest } = request('alexnet', {
      images: 4,
      batchSize: 4,
      steps: 1,
      everySteps: 9,
    });
    const asked = { ...trajectory, optimizer: { ...trajectory.optimizer, ...optimizer } };
    return (await train(tf, { ...rest, trajectory: asked })).finished.state.losses[0]!;
  };
  const without = await first({});
  const dense = await first({ weightDecay: 0.1, decayed: 'dense-kernels' });
  const all = await first({ weightDecay: 0.1 });
  // ‖w‖² of a kernel is about twice its outputs by He's rule: 2·(384 + 192 + 10), and 2·(64 + 64) of the convolutions.
  expect(dense - without).toBeCloseTo(0.05 * 2 * 586, -0.5);
  expect(all - dense).toBeCloseTo(0.05 * 2 * 128, 0);
});
