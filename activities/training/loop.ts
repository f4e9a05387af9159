/** Training as a pure generator: it knows no clock, no store and no Temporal. Whoever drives it may stop at any event,
 *  take a snapshot, and go on from that later; the numbers are those of a run that was never interrupted. */
import type { Accuracy, Outcome, Stop, Trajectory } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { network } from '../models/network.ts';
import type { TensorFlow } from '../tensorflow/load.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import { drawWindows, isAugmented } from './augment.ts';
import { batchesFrom, stepsPerEpoch } from './batch-order.ts';
import { type Evaluation, firstStepAt, isEvaluationDue, stopPoint } from './convergence.ts';
import { drawMask, lastInputs } from './dropout.ts';
import type { Engine, Split, StartEngine } from './engine.ts';
import { type Examined, examine, examineLast } from './examine.ts';
import { learningRate } from './schedule.ts';
import { begin, type Progress, type TrainingState } from './state.ts';

export type { Split, TrainingState };

/** losses: those of the steps after the event before, the last of them step `step`. */
export type TrainingEvent =
  | { kind: 'steps'; step: number; losses: Float32Array }
  | { kind: 'evaluation'; evaluation: Evaluation };

/** firstStepAt knows the scheduled evaluations alone, so that a longer run agrees with it; train and test are those of
 *  the last weights, over both splits whole; augmented: over one epoch of training images as the next steps would have
 *  seen them, of a run that augments. batchNorm: the statistics they were evaluated with, by
 *  `<layer>/mean` and `<layer>/variance`, or null. */
export interface Finished {
  state: TrainingState;
  stopped: Outcome['stopped'];
  firstStepAt: Outcome['firstStepAt'];
  loss: Outcome['loss'];
  train: Accuracy;
  test: Accuracy;
  augmented: Accuracy | null;
  batchNorm: NamedArrays | null;
}

export interface Training {
  /** An event after every call of the engine: some steps, or an evaluation. Fails with LossNotFinite when the
   *  training diverges. */
  events: AsyncGenerator<TrainingEvent, Finished>;
  /** The state at the last event. Not after a failure, and not after `dispose`. */
  snapshot(): Promise<TrainingState>;
  /** The losses of all steps so far, up to the one that was not finite. */
  losses(): Float32Array;
  /** Frees all tensors. */
  dispose(): void;
}

export interface TrainingRequest<Images = Split> {
  trajectory: Trajectory;
  stop: Stop;
  train: Images;
  test: Images;
  /** Of Inception V3's data set. */
  classes?: number;
  /** A snapshot of the same trajectory, not beyond the stop; null starts anew. */
  from: TrainingState | null;
  /** How many steps the next call may take at most, asked before each. It decides how often there are events, and
   *  no number. */
  stepsACall: () => number;
}

/** What stays while a training runs. */
interface Task extends Examined {
  trajectory: Trajectory;
  /** Inputs of the network's last layer. */
  lastInputs: number;
  stop: Stop;
  stepsACall: () => number;
}

export async function startTraining<Images extends { labels: ArrayLike<number> }>(
  tf: TensorFlow,
  startEngine: StartEngine<Images>,
  { trajectory, stop, train, test, classes, from, stepsACall }: TrainingRequest<Images>,
): Promise<Training> {
  const architecture = network(trajectory.model, classes);
  const { weights, momenta, ...state } = from ?? begin(architecture, trajectory.seed);
  const engine = await startEngine(tf, {
    trajectory,
    network: architecture,
    train,
    test,
    weights,
    momenta,
  });
  const sizes = { train: train.labels.length, test: test.labels.length };
  const progress: Progress = { ...state, losses: [...state.losses], evaluations: [...state.evaluations] };
  return {
    events: run(
      { engine, trajectory, lastInputs: lastInputs(architecture), stop, sizes, stepsACall },
      progress,
    ),
    snapshot: () => snapshot(engine, progress),
    losses: () => Float32Array.from(progress.losses),
    dispose: () => engine.dispose(),
  };
}

async function* run(task: Task, progress: Progress): AsyncGenerator<TrainingEvent, Finished> {
  const { engine, trajectory, stop, sizes } = task;
  const epoch = stepsPerEpoch(sizes.train, trajectory.batchSize);
  const order = batchesFrom(progress.step, { ...trajectory, images: sizes.train });
  for (;;) {
    if (isEvaluationDue(trajectory.evaluation, progress)) {
      const evaluation = await examine(task, progress);
      progress.evaluations.push(evaluation);
      yield { kind: 'evaluation', evaluation };
    }
    const end = stopPoint(stop, progress.evaluations);
    if (progress.step >= end.step) {
      return {
        state: await snapshot(engine, progress),
        stopped: end.stopped,
        firstStepAt: firstStepAt(progress.evaluations),
        loss: meanLoss(progress.losses, epoch),
        ...(await examineLast(task, progress)),
      };
    }
    const steps = stepsAtOnce(progress.step, {
      most: task.stepsACall(),
      end: end.step,
      everySteps: trajectory.evaluation.everySteps,
      epoch,
      lastBatchIsWhole: sizes.train % trajectory.batchSize === 0,
    });
    const batches = Array.from({ length: steps }, () => order.next().value);
    const losses = await advance(task, progress, batches);
    yield { kind: 'steps', step: progress.step, losses };
  }
}

/** How many steps one call can take: up to the next evaluation and the end, and all on batches of one size; the last
 *  one of an epoch may be smaller, and then comes alone. */
export function stepsAtOnce(
  step: number,
  limits: { most: number; end: number; everySteps: number; epoch: number; lastBatchIsWhole: boolean },
): number {
  const { most, end, everySteps, epoch, lastBatchIsWhole } = limits;
  const toEvaluation = everySteps - (step % everySteps);
  const toLastBatch = lastBatchIsWhole ? Number.POSITIVE_INFINITY : epoch - 1 - (step % epoch);
  return Math.max(1, Math.min(most, end - step, toEvaluation, toLastBatch));
}

/** Steps on these batches; returns their losses. */
async function advance(
  { engine, trajectory, lastInputs: inputs }: Task,
  progress: Progress,
  batches: Int32Array[],
): Promise<Float32Array> {
  const { augmentation, dropout: probability, seed } = trajectory;
  const steps = batches.map((indices, i) => {
    const [step, images] = [progress.step + i, indices.length];
    return {
      indices,
      learningRate: learningRate(trajectory, step),
      windows: isAugmented(augmentation) ? drawWindows(step, images, seed, augmentation) : null,
      dropout: probability ? drawMask(step, { images, inputs, probability, seed }) : null,
    };
  });
  const losses = await engine.train(steps);
  for (const [i, loss] of losses.entries()) {
    if (!Number.isFinite(loss)) {
      throw new Failure(
        'LossNotFinite',
        `The loss of ${trajectory.model} is ${loss} at step ${progress.step + 1} with learning rate ${steps[i]!.learningRate}, ` +
          'expected a finite number: the training diverged; start it with a lower learning rate.',
      );
    }
    progress.step++;
    progress.losses.push(loss);
  }
  return losses;
}

async function snapshot(engine: Engine, { step, losses, evaluations }: Progress): Promise<TrainingState> {
  const { weights, momenta } = await engine.read();
  return { step, weights, momenta, losses: Float32Array.from(losses), evaluations: [...evaluations] };
}

/** The window is open in the paper: the last epoch, in which every image is seen once. */
function meanLoss(losses: readonly number[], epoch: number): Outcome['loss'] {
  const last = losses.slice(-epoch);
  return { mean: last.reduce((sum, loss) => sum + loss, 0) / last.length, window: last.length };
}
