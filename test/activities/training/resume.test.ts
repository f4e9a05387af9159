import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadTensorFlow } from '../../../activities/tensorflow/load.ts';
import type { NamedArrays } from '../../../activities/tensorflow/named-arrays.ts';
import { encodeSafetensors } from '../../../activities/tensorflow/safetensors.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../activities/training/checkpoint.ts';
import { type Finished, startTraining, type TrainingRequest } from '../../../activities/training/loop.ts';
import { advanceTo, finish, request } from './small-training.ts';

const { tf } = loadTensorFlow();

/** What a training ended with, its million weights and momenta by their digests. */
function ending({ state, ...rest }: Finished) {
  const digest = (arrays: NamedArrays) =>
    createHash('sha256').update(encodeSafetensors(arrays, {})).digest('hex');
  return { ...rest, ...state, weights: digest(state.weights), momenta: digest(state.momenta) };
}

/** The end of a training that was stopped after `step` steps and went on from its checkpoint. */
function interrupted(asked: TrainingRequest, step: number) {
  const first = startTraining(tf, asked);
  advanceTo(step, first);
  const checkpoint = encodeCheckpoint('id', first.snapshot());
  first.dispose();
  return uninterrupted({ ...asked, from: decodeCheckpoint('id', checkpoint) });
}

function uninterrupted(asked: TrainingRequest) {
  const training = startTraining(tf, asked);
  const { finished } = finish(training);
  training.dispose();
  return ending(finished);
}

// Three steps an epoch, an evaluation every four, the rate lowered every three.
const MLP = request('mlp-1x512', { images: 20, batchSize: 8, steps: 10, everySteps: 4 });
const whole = uninterrupted(MLP);

test.each([
  [1, 'in the first epoch'],
  [3, 'between two epochs'],
  [4, 'before an evaluation that is due'],
  [8, 'in mid-epoch'],
  [10, 'at its end'],
])(
  'a training stopped after %i steps, %s, goes on to the same weights, momenta, losses and evaluations',
  (step) => {
    expect(interrupted(MLP, step)).toEqual(whole);
  },
);

test('convolutions with batch norm go on to the same bits too', () => {
  const inception = request('inception', { images: 10, batchSize: 4, steps: 4, everySteps: 2 });
  expect(interrupted(inception, 2)).toEqual(uninterrupted(inception));
});

test('looking at a training does not change it', () => {
  const evaluation = { everySteps: 1, monitored: 5 };
  const { weights, momenta } = uninterrupted({ ...MLP, trajectory: { ...MLP.trajectory, evaluation } });
  expect({ weights, momenta }).toEqual({ weights: whole.weights, momenta: whole.momenta });
});

test('a longer run that goes on from a shorter one ends as if it had been alone', () => {
  const shorter = startTraining(tf, { ...MLP, stop: { steps: 6, when: null } });
  const { finished } = finish(shorter);
  shorter.dispose();
  expect(uninterrupted({ ...MLP, from: finished.state })).toEqual(whole);
});
