/** How long a training will take, from how long trainings like it took: the provenance of finished runs has it. Nothing
 *  is assumed; where nothing was measured there is no answer. */
import type { Trajectory } from '../contract.ts';
import type { StoredRun } from './stored-runs.ts';

export interface Pace {
  stepsPerSecond: number;
  /** Until the first step. */
  startSeconds: number;
  /** How many runs this is the median of. */
  runs: number;
  /** What they ran on. */
  device: string;
  machine: string;
  /** Whether they had as many images and were looked at as often; if not, it is another scale's speed. */
  sameScale: boolean;
}

/** here: whether a run's machine is the one that is asked about. */
export function paceOf(
  stored: readonly StoredRun[],
  trajectory: Trajectory,
  here: (origin: StoredRun['origin']) => boolean,
): Pace | null {
  const measured = stored
    .filter(({ run, origin }) => sameStep(run.trajectory, trajectory) && here(origin))
    .flatMap((run) => measureOf(run))
    .sort((one, other) => other.origin.endedAt.getTime() - one.origin.endedAt.getTime());
  const [newest] = measured;
  if (!newest) return null;
  const { device, machine } = newest.origin;
  const onIt = measured.filter(({ origin }) => origin.device === device && origin.machine === machine);
  const alike = onIt.filter(({ run }) => scaleOf(run.trajectory) === scaleOf(trajectory));
  const measures = alike.length > 0 ? alike : onIt;
  return {
    stepsPerSecond: median(measures.map(({ stepsPerSecond }) => stepsPerSecond)),
    startSeconds: median(measures.map(({ startSeconds }) => startSeconds)),
    runs: measures.length,
    device,
    machine,
    sameScale: alike.length > 0,
  };
}

/** One step is the same work. */
const sameStep = (one: Trajectory, other: Trajectory) =>
  one.model === other.model && one.batchSize === other.batchSize && one.precision === other.precision;

const scaleOf = ({ trainImages, testImages, evaluation }: Trajectory) =>
  JSON.stringify([trainImages, testImages, evaluation.everySteps, evaluation.monitored]);

/** Empty for records of before there were segments: they do not say from which step their time counts. */
function measureOf({ run, steps, segment, origin }: StoredRun) {
  const trained = steps - (segment?.from?.step ?? 0);
  if (!segment || trained <= 0 || segment.trainingSeconds <= 0) return [];
  const { startSeconds, trainingSeconds } = segment;
  return [{ run, origin, startSeconds, stepsPerSecond: trained / trainingSeconds }];
}

export function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1]!;
}
