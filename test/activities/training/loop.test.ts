import { expect, test } from 'vitest';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { startTraining } from '../../../activities/training/loop.ts';
import { finish, request } from './small-training.ts';

const { tf } = loadTensorFlow();

test('one hidden layer of 512 interpolates 64 random labels within a hundred steps, and then stops', () => {
  const training = startTraining(tf, {
    ...request('mlp-1x512', { images: 64, batchSize: 64, steps: 100, everySteps: 5 }),
    stop: { steps: 100, when: 'interpolated' },
  });
  const { finished } = finish(training);
  expect(finished).toMatchObject({ stopped: 'interpolated', train: { correct: 64, images: 64 } });
  expect(finished.state.step).toBe(finished.firstStepAt[100]);
  training.dispose();
});

test('every step and every evaluation is an event, and the state keeps all of them', () => {
  const training = startTraining(
    tf,
    request('mlp-1x512', { images: 20, batchSize: 8, steps: 7, everySteps: 3 }),
  );
  const { events, finished } = finish(training);
  expect(
    events.map((event) => (event.kind === 'step' ? event.step : `evaluated ${event.evaluation.step}`)),
  ).toEqual([1, 2, 3, 'evaluated 3', 4, 5, 6, 'evaluated 6', 7]);
  expect([...finished.state.losses]).toEqual(
    events.flatMap((event) => (event.kind === 'step' ? event.loss : [])),
  );
  expect(finished.loss).toEqual({
    mean: (finished.state.losses[4]! + finished.state.losses[5]! + finished.state.losses[6]!) / 3,
    window: 3, // ⌈20 / 8⌉ steps an epoch
  });
  training.dispose();
});

test('the whole training set decides thresholds when fewer images are monitored', () => {
  const { trajectory, ...rest } = request('mlp-1x512', {
    images: 64,
    batchSize: 64,
    steps: 60,
    everySteps: 2,
  });
  const training = startTraining(tf, {
    ...rest,
    trajectory: { ...trajectory, evaluation: { everySteps: 2, monitored: 16 } },
    stop: { steps: 60, when: 'interpolated' },
  });
  const { finished } = finish(training);
  const { evaluations } = finished.state;
  expect(evaluations[0]).toMatchObject({ train: { images: 16 }, wholeTrain: null });
  expect(evaluations.at(-1)).toMatchObject({
    train: { images: 16 },
    wholeTrain: { correct: 64, images: 64 },
  });
  expect(finished.stopped).toBe('interpolated');
  training.dispose();
});

test('the end shows both splits whole and the statistics of batch norm', () => {
  const { trajectory, ...rest } = request('inception', { images: 12, batchSize: 6, steps: 1, everySteps: 9 });
  const training = startTraining(tf, {
    ...rest,
    trajectory: { ...trajectory, evaluation: { everySteps: 9, monitored: 4 } },
  });
  const { finished } = finish(training);
  expect([finished.train.images, finished.test.images]).toEqual([12, 10]);
  expect(finished.batchNorm!['inception-8/conv-3x3/mean']!.shape).toEqual([160]);
  expect(finished.batchNorm!['conv-1/variance']!.data.every((variance) => variance > 0)).toBe(true);
  training.dispose();
});

test('a loss that is not finite fails with step and rate, and the steps before it can still be read', () => {
  const { trajectory, ...rest } = request('mlp-1x512', {
    images: 20,
    batchSize: 20,
    steps: 50,
    everySteps: 99,
  });
  const training = startTraining(tf, {
    ...rest,
    trajectory: { ...trajectory, optimizer: { learningRate: 1e30, momentum: 0.9, weightDecay: 0 } },
  });
  expect(() => finish(training)).toThrow(
    expect.objectContaining({
      type: 'LossNotFinite',
      message: expect.stringMatching(
        /^The loss of mlp-1x512 is (NaN|Infinity) at step 2 with learning rate 1e\+30/,
      ),
    }),
  );
  const { step, losses } = training.snapshot();
  expect([step, losses.length, Number.isFinite(losses[0])]).toEqual([1, 1, true]);
  training.dispose();
});

test('weight decay is in the loss and pulls the kernels in', () => {
  const decayed = (weightDecay: number) => {
    const { trajectory, ...rest } = request('mlp-1x512', {
      images: 20,
      batchSize: 20,
      steps: 2,
      everySteps: 9,
    });
    const optimizer = { learningRate: 0.01, momentum: 0.9, weightDecay };
    const training = startTraining(tf, { ...rest, trajectory: { ...trajectory, optimizer } });
    const { state } = finish(training).finished;
    training.dispose();
    const squares = state.weights['dense-1/kernel']!.data.reduce((sum, w) => sum + w ** 2, 0);
    return { loss: state.losses[0]!, squares };
  };
  const [without, withDecay] = [decayed(0), decayed(0.1)];
  // Kernels of He's rule: ‖w‖² is about 2·512 + 2·10, so that λ/2·‖w‖² is about 52; a per cent of scatter.
  expect(withDecay.loss - without.loss).toBeCloseTo(52, -0.5);
  expect(withDecay.squares).toBeLessThan(without.squares);
});

test.each(['mlp-1x512', 'inception'] as const)(
  'a training of %s holds its tensors and, at the end, none',
  (model) => {
    const before = tf.memory().numTensors;
    const training = startTraining(tf, request(model, { images: 12, batchSize: 5, steps: 4, everySteps: 2 }));
    const held = tf.memory().numTensors;
    finish(training);
    expect(tf.memory().numTensors).toBe(held);
    training.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);
