/** When a training is looked at, and what that decides. All of it follows from a history of evaluations, so that an
 *  interrupted run, a longer run and a reader come to the same conclusion.
 *
 *  Every `everySteps` steps the first `monitored` images of both splits are evaluated. The first steps at 95, 98, 99
 *  and 100 % and the stop are decided by the whole training set alone. It is evaluated too once the monitored images
 *  come within half a point of the next threshold without a record; for 100 %, once they show no error. */
import { type Accuracy, type Outcome, type Stop, THRESHOLDS, type Trajectory } from '../contract.ts';

/** One look at the network. wholeTrain is `train` itself when the monitored images are all there are, and null when
 *  no threshold was near. */
export interface Evaluation {
  step: number;
  train: Accuracy;
  test: Accuracy;
  wholeTrain: Accuracy | null;
}

type Threshold = (typeof THRESHOLDS)[number];

/** How far below a threshold the monitored images call for a look at all of them: two standard errors of 2,000
 *  images at 99 %. */
const MARGIN_PERCENT = 0.5;

export function isEvaluationDue(
  { everySteps }: Trajectory['evaluation'],
  { step, evaluations }: { step: number; evaluations: readonly Evaluation[] },
): boolean {
  return step > 0 && step % everySteps === 0 && evaluations.at(-1)?.step !== step;
}

/** Whether the whole training set is to be evaluated after the monitored images of it showed `train`. */
export function isThresholdNear(train: Accuracy, before: readonly Evaluation[]): boolean {
  const recorded = firstStepAt(before);
  const next = THRESHOLDS.find((threshold) => recorded[threshold] === null);
  if (next === undefined) return false;
  return reaches(train, next === 100 ? next : next - MARGIN_PERCENT);
}

/** The first evaluated step at which the whole training set reaches each threshold, or null. */
export function firstStepAt(evaluations: readonly Evaluation[]): Outcome['firstStepAt'] {
  const first = (threshold: Threshold) =>
    evaluations.find(({ wholeTrain }) => wholeTrain && reaches(wholeTrain, threshold))?.step ?? null;
  return { 95: first(95), 98: first(98), 99: first(99), 100: first(100) };
}

/** The first step at which a run stops, as far as the evaluations tell, and why. */
export function stopPoint(
  stop: Stop,
  evaluations: readonly Evaluation[],
): { step: number; stopped: Outcome['stopped'] } {
  const first = firstStepAt(evaluations);
  const reached = { fitted: first[99], interpolated: first[100] };
  const step = stop.when && reached[stop.when];
  const ends: { step: number; stopped: Outcome['stopped'] }[] = [{ step: stop.steps, stopped: 'steps' }];
  if (stop.when && step !== null) ends.unshift({ step, stopped: stop.when });
  const early = stop.patience ? outOfPatience(evaluations, stop.patience) : null;
  if (early !== null) ends.push({ step: early, stopped: 'early' });
  return ends.reduce((first, end) => (end.step < first.step ? end : first));
}

/** The step of the first evaluation that is the `patience`-th in a row without a higher test accuracy than before. */
function outOfPatience(evaluations: readonly Evaluation[], patience: number): number | null {
  let best = -1;
  let waited = 0;
  for (const { step, test } of evaluations) {
    waited = test.correct > best ? 0 : waited + 1;
    best = Math.max(best, test.correct);
    if (waited === patience) return step;
  }
  return null;
}

/** Whether a state of the trajectory lies beyond the point where this run stops; one exactly there is the run's own
 *  last state. */
export function hasStopped(
  { stop }: { stop: Stop },
  { step, evaluations }: { step: number; evaluations: readonly Evaluation[] },
): boolean {
  return step > stopPoint(stop, evaluations).step;
}

const reaches = ({ correct, images }: Accuracy, percent: number) => 100 * correct >= percent * images;
