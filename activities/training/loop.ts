/** Training as a pure generator: it knows no clock, no store and no Temporal. Whoever drives it may stop at any event,
 *  take a snapshot, and go on from that later; the numbers are those of a run that was never interrupted. */
import type { Accuracy, Outcome, Stop, Trajectory } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { network } from '../models/network.ts';
import type { TensorFlow } from '../tensorflow/load.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import { batchesFrom, stepsPerEpoch } from './batch-order.ts';
import { type Evaluation, firstStepAt, isEvaluationDue, stopPoint } from './convergence.ts';
import type { DeviceSplit } from './evaluate.ts';
import { type Examined, examine, examineLast } from './examine.ts';
import { learningRate } from './schedule.ts';
import { begin, type Progress, resume, snapshot, type TrainingState } from './state.ts';
import { trainingStep } from './step.ts';

export type { TrainingState };

/** images: [n, 28, 28, 3]; labels: [n], classes 0 … 9. */
export interface Split {
  images: Float32Array;
  labels: Uint8Array;
}

export type TrainingEvent =
  | { kind: 'step'; step: number; loss: number }
  | { kind: 'evaluation'; evaluation: Evaluation };

/** firstStepAt knows the scheduled evaluations alone, so that a longer run agrees with it; train and test are those of
 *  the last weights, over both splits whole. batchNorm: the statistics they were evaluated with, by
 *  `<layer>/mean` and `<layer>/variance`, or null. */
export interface Finished {
  state: TrainingState;
  stopped: Outcome['stopped'];
  firstStepAt: Outcome['firstStepAt'];
  loss: Outcome['loss'];
  train: Accuracy;
  test: Accuracy;
  batchNorm: NamedArrays | null;
}

export interface Training {
  /** An event after every step and every evaluation. Fails with LossNotFinite when the training diverges. */
  events: Generator<TrainingEvent, Finished>;
  /** The state at the last event, also after a failure. Not after `dispose`. */
  snapshot(): TrainingState;
  /** Frees all tensors. */
  dispose(): void;
}

export interface TrainingRequest {
  trajectory: Trajectory;
  stop: Stop;
  train: Split;
  test: Split;
  /** A snapshot of the same trajectory, not beyond the stop; null starts anew. */
  from: TrainingState | null;
}

/** What stays while a training runs. */
interface Task extends Examined {
  trajectory: Trajectory;
  stop: Stop;
}

export function startTraining(
  tf: TensorFlow,
  { trajectory, stop, train, test, from }: TrainingRequest,
): Training {
  const task: Task = {
    tf,
    trajectory,
    stop,
    network: network(trajectory.model),
    train: toDevice(tf, train),
    test: toDevice(tf, test),
  };
  const progress = from ? resume(tf, from) : begin(tf, task.network, trajectory.seed);
  return {
    events: run(task, progress),
    snapshot: () => snapshot(progress),
    dispose: () => {
      const { weights, momenta } = progress;
      tf.dispose([weights, momenta, { ...task.train }, { ...task.test }]);
    },
  };
}

function* run(task: Task, progress: Progress): Generator<TrainingEvent, Finished> {
  const { trajectory, stop, train } = task;
  const images = train.labels.shape[0];
  const batches = batchesFrom(progress.step, { ...trajectory, images });
  for (;;) {
    if (isEvaluationDue(trajectory.evaluation, progress)) {
      const evaluation = examine(task, progress.weights, progress);
      progress.evaluations.push(evaluation);
      yield { kind: 'evaluation', evaluation };
    }
    const end = stopPoint(stop, progress.evaluations);
    if (progress.step >= end.step) {
      return {
        state: snapshot(progress),
        stopped: end.stopped,
        firstStepAt: firstStepAt(progress.evaluations),
        loss: meanLoss(progress.losses, stepsPerEpoch(images, trajectory.batchSize)),
        ...examineLast(task, progress.weights, progress),
      };
    }
    yield { kind: 'step', step: progress.step + 1, loss: advance(task, progress, batches.next().value) };
  }
}

/** One step on the images `indices`; returns its loss. When that is not finite the progress stays as it was. */
function advance({ tf, trajectory, network, train }: Task, progress: Progress, indices: Int32Array): number {
  const rate = learningRate(trajectory, progress.step);
  const { loss, ...next } = tf.tidy(() => {
    const batch = tf.tensor1d(indices, 'int32');
    return trainingStep(tf, network, trajectory.optimizer, progress, {
      images: train.images.gather(batch), // [B, 28, 28, 3]
      labels: train.labels.gather(batch), // [B]
      learningRate: tf.scalar(rate),
    });
  });
  const value = loss.dataSync()[0]!;
  loss.dispose();
  if (!Number.isFinite(value)) {
    tf.dispose(next);
    throw new Failure(
      'LossNotFinite',
      `The loss of ${trajectory.model} is ${value} at step ${progress.step + 1} with learning rate ${rate}, ` +
        'expected a finite number: the training diverged; start it with a lower learning rate.',
    );
  }
  tf.dispose([progress.weights, progress.momenta]);
  progress.weights = next.weights;
  progress.momenta = next.momenta;
  progress.step++;
  progress.losses.push(value);
  return value;
}

function toDevice(tf: TensorFlow, { images, labels }: Split): DeviceSplit {
  return {
    images: tf.tensor4d(images, [labels.length, 28, 28, 3]),
    labels: tf.tensor1d(Int32Array.from(labels), 'int32'),
  };
}

/** The window is open in the paper: the last epoch, in which every image is seen once. */
function meanLoss(losses: readonly number[], epoch: number): Outcome['loss'] {
  const last = losses.slice(-epoch);
  return { mean: last.reduce((sum, loss) => sum + loss, 0) / last.length, window: last.length };
}
