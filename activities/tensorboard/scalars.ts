/** What TensorBoard shows of a training. Accuracies are fractions, as its users expect them. */
import type { Trajectory } from '../contract.ts';
import type { Evaluation } from '../training/convergence.ts';
import { learningRate } from '../training/schedule.ts';
import type { Scalar } from './events.ts';

const LOSS = 'loss';
const RATE = 'learning_rate';
const TRAIN = 'accuracy/train';
const TEST = 'accuracy/test';
const SPEED = 'images_per_second';

/** losses: of the last steps up to `step`. */
export function stepScalars(
  trajectory: Trajectory,
  { step, losses }: { step: number; losses: ArrayLike<number> },
  wallTime: number,
): Scalar[] {
  const first = step - losses.length + 1;
  return [
    ...Array.from(losses, (value, i) => ({ tag: LOSS, step: first + i, value, wallTime })),
    { tag: RATE, step, value: learningRate(trajectory, step - 1), wallTime },
  ];
}

/** The training images counted are the whole set where it was looked at, else the monitored ones, as in the curves. */
export const evaluationScalars = (
  { step, train: monitored, wholeTrain, test }: Evaluation,
  wallTime: number,
): Scalar[] => {
  const train = wholeTrain ?? monitored;
  return [
    { tag: TRAIN, step, value: train.correct / train.images, wallTime },
    { tag: TEST, step, value: test.correct / test.images, wallTime },
  ];
};

export const speedScalar = (step: number, imagesPerSecond: number, wallTime: number): Scalar => ({
  tag: SPEED,
  step,
  value: imagesPerSecond,
  wallTime,
});

/** Of a curve, whose losses[i] is of step i + 1; the learning rate at each evaluation. By step. */
export function knownScalars(
  trajectory: Trajectory,
  { losses, evaluations }: { losses: ArrayLike<number>; evaluations: readonly Evaluation[] },
  wallTimeOf: (step: number) => number,
): Scalar[] {
  return [
    ...Array.from(losses, (value, i) => ({ tag: LOSS, step: i + 1, value, wallTime: wallTimeOf(i + 1) })),
    ...evaluations.flatMap((evaluation) => {
      const { step } = evaluation;
      const wallTime = wallTimeOf(step);
      return [
        ...evaluationScalars(evaluation, wallTime),
        { tag: RATE, step, value: learningRate(trajectory, step - 1), wallTime },
      ];
    }),
  ].sort((a, b) => a.step - b.step);
}

/** Those after the last step of their tag. */
export const unseen = (scalars: Scalar[], last: ReadonlyMap<string, number>): Scalar[] =>
  scalars.filter(({ tag, step }) => step > (last.get(tag) ?? 0));
