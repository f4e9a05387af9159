import { expect, test } from 'vitest';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../activities/training/checkpoint.ts';
import { startCompiledEngine } from '../../../activities/training/compiled-engine.ts';
import { startTraining, type TrainingRequest } from '../../../activities/training/loop.ts';
import { advanceTo, ending, request, train } from './small-training.ts';

const { tf } = loadTensorFlow();

/** The end of a training that was stopped after `step` steps and went on from its checkpoint. */
async function interrupted(asked: TrainingRequest, step: number) {
  const first = await startTraining(tf, startCompiledEngine, { ...asked, stepsACall: () => 1 });
  await advanceTo(step, first);
  const checkpoint = encodeCheckpoint('id', await first.snapshot());
  first.dispose();
  return uninterrupted({ ...asked, from: decodeCheckpoint('id', checkpoint) });
}

const uninterrupted = async (asked: TrainingRequest) => ending((await train(tf, asked)).finished);

// Three steps an epoch, an evaluation every four, the rate lowered every three.
const MLP = request('mlp-1x512', { images: 20, batchSize: 8, steps: 10, everySteps: 4 });
const whole = await uninterrupted(MLP);

test.each([
  [1, 'in the first epoch'],
  [3, 'between two epochs'],
  [4, 'before an evaluation that is due'],
  [8, 'in mid-epoch'],
  [10, 'at its end'],
])(
  'a training stopped after %i steps, %s, goes on to the same weights, momenta, losses and evaluations',
  async (step) => {
    expect(await interrupted(MLP, step)).toEqual(whole);
  },
);

test('convolutions with batch norm go on to the same bits too', async () => {
  const inception = request('inception', { images: 10, batchSize: 4, steps: 4, everySteps: 2 });
  expect(await interrupted(inception, 2)).toEqual(await uninterrupted(inception));
});

test('looking at a training does not change it', async () => {
  const evaluation = { everySteps: 1, monitored: 5 };
  const { weights, momenta } = await uninterrupted({ ...MLP, trajectory: { ...MLP.trajectory, evaluation } });
  expect({ weights, momenta }).toEqual({ weights: whole.weights, momenta: whole.momenta });
});

test('a longer run that goes on from a shorter one ends as if it had been alone', async () => {
  const { finished } = await train(tf, { ...MLP, stop: { steps: 6, when: null } });
  expect(await uninterrupted({ ...MLP, from: finished.state })).toEqual(whole);
});
