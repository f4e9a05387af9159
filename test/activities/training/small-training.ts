/** Trainings of a few images, for the tests of the loop. */
import type { ModelName, Trajectory } from '../../../activities/contract.ts';
import { sha256 } from '../../../activities/identity/identity.ts';
import { stream } from '../../../activities/random/stream.ts';
import type { TensorFlow } from '../../../activities/tensorflow/load.ts';
import type { NamedArrays } from '../../../activities/tensorflow/named-arrays.ts';
import { encodeSafetensors } from '../../../activities/tensorflow/safetensors.ts';
import { startCompiledEngine } from '../../../activities/training/compiled-engine.ts';
import type { StartEngine } from '../../../activities/training/engine.ts';
import {
  type Finished,
  type Split,
  startTraining,
  type Training,
  type TrainingEvent,
  type TrainingRequest,
} from '../../../activities/training/loop.ts';

/** n images of noise with random labels. */
export function noise(n: number, seed: number): Split {
  const { normal, below } = stream(seed, 'procedural');
  return {
    images: Float32Array.from({ length: n * 28 * 28 * 3 }, normal),
    labels: Uint8Array.from({ length: n }, () => below(10)),
  };
}

export function request(
  model: ModelName,
  {
    images,
    batchSize,
    steps,
    everySteps,
  }: { images: number; batchSize: number; steps: number; everySteps: number },
): TrainingRequest & { trajectory: Trajectory } {
  return {
    trajectory: {
      recipe: 4,
      dataset: { name: 'procedural', sha256: '0'.repeat(64) },
      trainImages: null,
      testImages: null,
      corruption: { labels: 1, pixels: 'intact', seed: 1 },
      model,
      optimizer: { learningRate: 0.01, momentum: 0.9, weightDecay: 0 },
      decay: { factor: 0.95, everySteps: 3 },
      batchSize,
      augmentation: { crop: false, flip: false },
      seed: 1,
      precision: 'float32',
      evaluation: { everySteps, monitored: images },
    },
    stop: { steps, when: null },
    train: noise(images, 1),
    test: noise(10, 2),
    from: null,
    stepsACall: () => 4,
  };
}

/** Drives a training to its end: its events and what it returns. */
export async function finish(training: Training) {
  const events: TrainingEvent[] = [];
  for (;;) {
    const next = await training.events.next();
    if (next.done) return { events, finished: next.value };
    events.push(next.value);
  }
}

/** A whole training: its events and its end. */
export async function train(
  tf: TensorFlow,
  asked: TrainingRequest,
  engine: StartEngine = startCompiledEngine,
): Promise<{ events: TrainingEvent[]; finished: Finished }> {
  const training = await startTraining(tf, engine, asked);
  try {
    return await finish(training);
  } finally {
    training.dispose();
  }
}

/** What a training ended with, its million weights and momenta by their digests, which compare faster. */
export function ending({ state, batchNorm, ...rest }: Finished) {
  const digest = (arrays: NamedArrays) => sha256(encodeSafetensors(arrays, {}));
  return {
    ...rest,
    ...state,
    weights: digest(state.weights),
    momenta: digest(state.momenta),
    batchNorm: batchNorm && digest(batchNorm),
  };
}

/** Drives a training to the event after which `step` steps are done. */
export async function advanceTo(step: number, { events }: Training): Promise<void> {
  for (;;) {
    const next = await events.next();
    if (next.done || (next.value.kind === 'steps' && next.value.step >= step)) return;
  }
}
