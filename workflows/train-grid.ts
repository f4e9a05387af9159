/** The first half of every figure and table of trained networks: its input is read, its data set is there, its grid is
 *  planned, and what the store lacks is trained. */
import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  Activities,
  DatasetId,
  DatasetName,
  DatasetRef,
  Limits,
  TrainedRun,
  UnboundRun,
} from '../activities/contract.ts';
import type { FailureType } from '../activities/failure/failure.ts';
import { type Hold, holdable } from './hold.ts';
import * as options from './options.ts';
import { type Carried, describe, HistoryGrown, trainAll } from './train-all.ts';

/** State of every training an artifact needs, in the order of its grid. */
export interface ReproductionProgress {
  /** fitting: what is solved rather than trained. */
  phase: 'data' | 'fitting' | 'training' | 'drawing' | 'done';
  paused: boolean;
  runs: { id: string; title: string; state: 'waiting' | 'stored' | 'trained' | 'failed' }[];
}

export const progressQuery = defineQuery<ReproductionProgress>('progress');

export interface Trained<Place> {
  runs: (Place & TrainedRun)[];
  /** Runs that were in the store before. */
  stored: number;
}

/** What a workflow keeps up to date, and what holds it. */
export interface Shown extends Omit<ReproductionProgress, 'paused'> {
  hold: Hold;
  /** Null in a workflow's first history. */
  carried: Carried | null;
}

/** Answers the `progress` query of a workflow, `pause` and `resume`. */
export function showProgress(carried: Carried | null = null): Shown {
  const hold = holdable(() =>
    shown.phase === 'drawing' || shown.phase === 'done' ? 'pictures, tables and verdicts take seconds' : null,
  );
  const shown: Shown = { phase: 'data', runs: [], hold, carried };
  setHandler(progressQuery, () => ({ phase: shown.phase, paused: hold.paused, runs: shown.runs }));
  return shown;
}

/** place: what a run stands for in the artifact; it comes back with the run's outcome. */
export async function trainGrid<Place extends object>(
  asked: { dataset: DatasetName; source: string | null },
  limits: Limits,
  grid: { place: Place; run: UnboundRun }[],
  progress: Shown,
): Promise<Trained<Place> & { dataset: DatasetRef }> {
  const { fetchDataset } = proxyActivities<Activities>(options.data(limits));
  const dataset = await progress.hold.through(() =>
    fetchDataset({ name: asked.dataset, source: asked.source }),
  );
  return { dataset, ...(await trainRuns(dataset.id, limits, grid, progress)) };
}

/** The same on a data set that is there. */
export async function trainRuns<Place extends object>(
  dataset: DatasetId,
  limits: Limits,
  grid: { place: Place; run: UnboundRun }[],
  progress: Shown,
): Promise<Trained<Place>> {
  const { planRuns } = proxyActivities<Activities>(options.quick);
  const plans = await planRuns({ dataset, runs: grid.map(({ run }) => run) });

  const found = plans.flatMap(({ planned, outcome }) => (outcome ? [planned.id] : []));
  const carried = progress.carried ?? { stored: found, failures: [] };
  const [stored, failures] = [new Set(carried.stored), new Map(carried.failures)];
  const cells = plans.map(
    (plan): TrainedRun => ({ ...plan, failure: failures.get(plan.planned.id) ?? null }),
  );
  progress.phase = 'training';
  progress.runs = cells.map(({ planned, outcome, failure }) => ({
    id: planned.id,
    title: describe(planned),
    state: stored.has(planned.id) ? 'stored' : outcome ? 'trained' : failure ? 'failed' : 'waiting',
  }));
  const show = () => setCurrentDetails(progress.runs.map((run) => `- ${run.state}: ${run.title}`).join('\n'));
  show();
  const trained = await trainAll(cells, limits, { hold: progress.hold, carried }, (done) => {
    const row = progress.runs.find(({ id }) => id === done.planned.id);
    if (row && row.state === 'waiting') row.state = done.outcome ? 'trained' : 'failed';
    show();
  });
  progress.phase = 'drawing';
  return {
    runs: trained.map((run, index) => ({ ...grid[index].place, ...run })),
    stored: cells.filter(({ planned }) => stored.has(planned.id)).length,
  };
}

// Damage between a training and its picture is rare; after that it is the store's disk that somebody must look at.
const DAMAGED_ATTEMPTS = 3;

/** A figure or table of trained networks. Where their results were damaged in the store before it was drawn, planning them
 *  again sets aside what is not whole, it is trained anew, to the same bytes, and drawn. Where its history has grown long,
 *  it continues as new: what is trained is found in the store, what is not yet is joined. */
export function ofTrainings<Result>(
  make: (input: unknown, carried: Carried | null) => Promise<Result>,
): (input?: unknown, carried?: Carried) => Promise<Result> {
  return async (input = {}, earlier) => {
    // A person's second argument means nothing.
    const carried = (workflowInfo().continuedFromExecutionRunId && earlier) || null;
    for (let attempt = 1; ; attempt++) {
      try {
        return await make(input, carried);
      } catch (error) {
        if (error instanceof HistoryGrown) {
          await condition(allHandlersFinished);
          return await continueAsNew(input, error.carried);
        }
        if (!endedWith(error, 'ObjectDamaged') || attempt === DAMAGED_ATTEMPTS) throw error;
      }
    }
  };
}

/** Whether an activity failed for good of this. */
export const endedWith = (error: unknown, type: FailureType): boolean =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === type;
