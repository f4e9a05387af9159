/** What is written on every picture, so that none can pass for what it is not. */
import type { DatasetRef, DatasetSummary, FigureRun, Profile, TrainedRun } from '../contract.ts';
import { regularizersOf } from '../verdicts/regularizers.ts';
import { CONDITION_STYLE, MODEL_STYLE } from './theme.ts';

/** What a panel is drawn from. */
export interface PanelRequest<
  Run extends TrainedRun = FigureRun,
  Dataset extends DatasetSummary = DatasetRef,
> {
  profile: Profile;
  dataset: Dataset;
  runs: Run[];
}

/** `CIFAR-10 (JPEG-sourced) · quick profile: 512 training and 1,000 test images · seed 1 · float32` */
export function stamp({ profile, dataset, runs }: PanelRequest<TrainedRun, DatasetSummary>): string {
  const trajectories = runs.map(({ planned }) => planned.run.trajectory);
  const train = trajectories.map(({ trainImages }) => atMost(trainImages, dataset.train.count));
  const test = trajectories.map(({ testImages }) => atMost(testImages, dataset.test.count));
  const seeds = distinct(trajectories.map(({ seed }) => seed));
  return [
    dataset.title,
    `${profile} profile: ${range(train)} training and ${range(test)} test images`,
    `${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`,
    ...distinct(trajectories.map(({ precision }) => precision)),
    ...regularization(runs),
  ].join(' · ');
}

/** What all runs share; rows of a table differ in it, and say so themselves. */
function regularization(runs: TrainedRun[]): string[] {
  const [shared = '', ...others] = distinct(
    runs.map(({ planned }) => regularizersOf(planned.run).join(', ')),
  );
  return shared && others.length === 0 ? [`with ${shared}`] : [];
}

/** Sentences on the runs that ended without an outcome: those that diverged, which is a result, and those that are
 *  missing, and why. */
export function withoutOutcome(runs: FigureRun[]): string[] {
  const diverged = runs.filter(({ failure }) => failure?.type === 'LossNotFinite');
  const missing = runs.filter(({ outcome }) => !outcome).filter((run) => !diverged.includes(run));
  const reasons = missing.map((run) => `${titleOf(run)} (${run.failure?.type ?? 'not run'})`);
  return [
    ...(diverged.length > 0 ? [`Diverged: ${diverged.map(titleOf).join('; ')}.`] : []),
    ...(missing.length > 0 ? [`Missing: ${reasons.join('; ')}.`] : []),
  ];
}

function titleOf({ planned, condition }: FigureRun): string {
  const { model, corruption, seed } = planned.run.trajectory;
  const data = condition ? `on ${CONDITION_STYLE[condition].label}` : `at corruption ${corruption.labels}`;
  return `${MODEL_STYLE[model].label} ${data}, seed ${seed}`;
}

export const count = (value: number) => value.toLocaleString('en-US');

export const distinct = <T>(values: T[]): T[] => [...new Set(values)];

const atMost = (wanted: number | null, there: number) => Math.min(wanted ?? there, there);

function range(values: number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? count(least) : `${count(least)}–${count(most)}`;
}
