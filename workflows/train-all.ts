/** Trains what a figure or table needs: stored runs are taken as they are, the rest are trained, and a training
 *  that fails is a result of its own kind. */
import { ActivityFailure, ApplicationFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities, Limits, Outcome, PlannedRun, TrainedRun } from '../activities/contract.ts';
import type { Hold } from './hold.ts';
import * as options from './options.ts';

/** A run of a figure or table before it is trained; `outcome` is what the store holds already. */
type Cell = Omit<TrainedRun, 'failure'>;

// Trainings queue up for their device in any case; the window keeps the pending ones far below the server's 2,000.
const WINDOW = 64;

/** Trains all cells, in their order, and calls `onDone` after each. Fails only when it is cancelled. */
export async function trainAll(
  cells: Cell[],
  limits: Limits,
  hold: Hold,
  onDone: (run: TrainedRun) => void,
): Promise<TrainedRun[]> {
  const { awaitTraining } = proxyActivities<Activities>(options.waiting(limits));
  const results: TrainedRun[] = [];
  let next = 0;
  const lane = async () => {
    while (next < cells.length) {
      const index = next++;
      const cell = cells[index];
      results[index] = cell.outcome
        ? { ...cell, failure: null }
        : await hold
            .through(() =>
              awaitTraining.executeWithOptions({ summary: describe(cell.planned) }, [
                { planned: cell.planned },
              ]),
            )
            .then((outcome: Outcome): TrainedRun => ({ ...cell, outcome, failure: null }))
            .catch((error: unknown): TrainedRun => ({ ...cell, outcome: null, failure: resultOf(error) }));
      onDone(results[index]);
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
