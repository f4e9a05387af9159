/** Trains what a figure or table needs: stored runs are taken as they are, the rest are trained, and a training
 *  that fails is a result of its own kind. Once the server finds the history long, it goes on in a new one. */
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, Limits, Outcome, PlannedRun, TrainedRun } from '../activities/contract.ts';
import type { Hold } from './hold.ts';
import * as options from './options.ts';

/** What earlier histories of a workflow came to; what they trained is in the store. */
export interface Carried {
  /** Ids of the runs that were in the store before the first. */
  stored: string[];
  /** By their ids. */
  failures: [string, NonNullable<TrainedRun['failure']>][];
}

/** The history has grown so long that the server wants a new one. */
export class HistoryGrown extends Error {
  readonly carried: Carried;

  constructor(carried: Carried) {
    super('to be continued as new');
    this.carried = carried;
  }
}

// Trainings queue up for their device in any case; the window keeps the pending ones far below the server's 2,000.
const WINDOW = 64;

/** Trains all cells that have neither outcome nor failure, in their order, and calls `onDone` after each. Fails when it is
 *  cancelled, and with HistoryGrown: trainings that are awaited go on meanwhile, and are joined again. */
export async function trainAll(
  cells: TrainedRun[],
  limits: Limits,
  { hold, carried }: { hold: Hold; carried: Carried },
  onDone: (run: TrainedRun) => void,
): Promise<TrainedRun[]> {
  const { awaitTraining } = proxyActivities<Activities>(options.waiting(limits));
  const results: TrainedRun[] = [];
  let next = 0;
  let ended = 0;
  const lane = async () => {
    while (next < cells.length) {
      if (ended > 0 && !hold.paused && workflowInfo().continueAsNewSuggested) {
        throw new HistoryGrown(carried);
      }
      const index = next++;
      const cell = cells[index];
      const known = cell.outcome ?? cell.failure;
      results[index] = known
        ? cell
        : await hold
            .through(() =>
              awaitTraining.executeWithOptions({ summary: describe(cell.planned) }, [
                { planned: cell.planned },
              ]),
            )
            .then((outcome: Outcome): TrainedRun => ({ ...cell, outcome, failure: null }))
            .catch((error: unknown): TrainedRun => ({ ...cell, outcome: null, failure: resultOf(error) }));
      onDone(results[index]);
      if (known) continue;
      ended++;
      const { planned, failure } = results[index];
      if (failure) carried.failures.push([planned.id, failure]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(WINDOW, cells.length) }, lane));
  return results;
}

/** One line for the web UI: `inception, random labels 100 %, 256 images, seed 1`. */
export function describe({ run: { trajectory } }: PlannedRun): string {
  const { corruption, augmentation, optimizer, dropout } = trajectory;
  const labels =
    corruption.labels === 0 ? 'true labels' : `${Math.round(corruption.labels * 100)} % random labels`;
  const pixels = corruption.pixels === 'intact' ? '' : `, ${corruption.pixels} pixels`;
  const regularizers = [
    ...(optimizer.weightDecay > 0
      ? [
          `weight decay ${optimizer.weightDecay}${optimizer.decayed === 'dense-kernels' ? ' on dense layers' : ''}`,
        ]
      : []),
    ...(dropout ? [`dropout ${dropout}`] : []),
    ...(['crop', 'flip', 'rotate'] as const).filter((name) => augmentation?.[name]),
  ].map((name) => `, ${name}`);
  return `${trajectory.model}, ${labels}${pixels}${regularizers.join('')}, ${trajectory.trainImages ?? 'all'} images, seed ${trajectory.seed}`;
}

/** What a training that failed for good says; anything else is not a result and goes up. */
function resultOf(error: unknown): { type: string; message: string } {
  if (
    !isCancellation(error) &&
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure &&
    (error.cause.type === 'LossNotFinite' ||
      error.cause.type === 'NoProgress' ||
      error.cause.type === 'TrainingCancelled')
  ) {
    return { type: error.cause.type, message: error.cause.message };
  }
  throw error;
}
