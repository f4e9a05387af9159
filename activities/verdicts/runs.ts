/** Runs by model, corruption and seed, and numbers of several seeds as text. */
import type { FigureRun, ModelName, TableRun, TrainedRun } from '../contract.ts';
import { meanAndDeviation } from './statistics.ts';
import { type Time, timeToOverfit } from './time-to-overfit.ts';

/** Runs of panels b and c. */
export const gridRuns = (runs: FigureRun[], name: ModelName) =>
  runs.filter(
    ({ corruptionLevel, planned: { run } }) => corruptionLevel !== null && run.trajectory.model === name,
  );

/** Runs of one row of a table. */
export const ofRow = (runs: TableRun[], row: string) => runs.filter((run) => run.row === row);

/** Runs of any panel on intact pixels at one level of label corruption. */
export const runsOn = (runs: FigureRun[], name: ModelName, level: number) =>
  runs.filter(({ planned: { run } }) => {
    const { model, corruption } = run.trajectory;
    return model === name && corruption.labels === level && corruption.pixels === 'intact';
  });

export const seedOf = ({ planned }: TrainedRun) => planned.run.trajectory.seed;

/** Diverged: the loss was not finite any more. A result, told apart from a run that was not made. */
export const isDiverged = ({ failure }: TrainedRun) => failure?.type === 'LossNotFinite';

/** The training came to an end that says something. */
export const isSeen = (run: TrainedRun) => run.outcome !== null || isDiverged(run);

export const seedsOf = (runs: TrainedRun[]) =>
  [...new Set(runs.map(seedOf))].sort((one, other) => one - other);

/** Why a run says nothing. */
export const whyUnseen = (name: string, run: TrainedRun) =>
  `${name}, seed ${seedOf(run)} (${run.failure?.type ?? 'not run'})`;

/** Time to overfit, or null for a run that diverged. */
export const timeOf = ({ outcome }: TrainedRun): Time | null => (outcome ? timeToOverfit(outcome) : null);

export const whole = (value: number) => value.toLocaleString('en-US');

/** `48`, `48–56`, `48–56, 1 not within 300, 1 diverged` */
export function stepsText(times: (Time | null)[]): string {
  const fitted = times.flatMap((time) => (time && !time.censored ? [time.steps] : []));
  const censored = times.flatMap((time) => (time?.censored ? [time.steps] : []));
  const diverged = times.filter((time) => time === null).length;
  const parts = [
    ...(fitted.length > 0 ? [rangeText(fitted, whole)] : []),
    ...(censored.length > 0
      ? [`${times.length > 1 ? `${censored.length} ` : ''}not within ${rangeText(censored, whole)}`]
      : []),
    ...(diverged > 0 ? [`${times.length > 1 ? `${diverged} ` : ''}diverged`] : []),
  ];
  return parts.join(', ');
}

export function rangeText(values: number[], format: (value: number) => string): string {
  const [least, most] = [format(Math.min(...values)), format(Math.max(...values))];
  return least === most ? least : `${least}–${most}`;
}

/** `90.12 %` of one seed, `90.12 ± 0.31 % (mean ± sd, 3 seeds)` of several. */
export function percentText(values: number[]): string {
  const { mean, deviation } = meanAndDeviation(values);
  if (values.length === 1) return `${mean.toFixed(2)} %`;
  return `${mean.toFixed(2)} ± ${deviation.toFixed(2)} % (mean ± sd, ${values.length} seeds)`;
}
