/** What a request would train, before anything runs. Reads the store and changes nothing; a whole Figure 1 takes about
 *  a second on a store of a hundred runs. */
import type { PlannedRun } from '../contract.ts';
import { lookAtOutcome } from '../store/outcomes.ts';
import type { Store } from '../store/store.ts';
import { bytesOf } from './bytes.ts';
import { type Nearest, nearestRun } from './nearest.ts';
import { type Pace, paceOf } from './pace.ts';
import { type Beginning, beginningOf } from './resumable.ts';
import type { StoredRun } from './stored-runs.ts';

export interface PlannedTraining {
  planned: PlannedRun;
  /** stored: answered at once; damaged: it was, and its bytes are not whole any more; goes on: from a checkpoint of the
   *  store or, `begins.run` being one of this plan, of a shorter run before it; new: from the start. */
  state: 'stored' | 'damaged' | 'goes on' | 'new';
  begins: Beginning | null;
  /** Steps to train, at most: a run may stop earlier. */
  steps: number;
  /** Null for what is stored. */
  nearest: Nearest | null;
  pace: Pace | null;
  /** Null where nothing was measured; for what is stored 0. */
  seconds: number | null;
  /** What it adds to the store at most. */
  bytes: number;
}

/** Of the runs in the order in which they are trained, each once. */
export async function planTrainings(
  store: Store,
  planned: PlannedRun[],
  stored: readonly StoredRun[],
  here: (origin: StoredRun['origin']) => boolean,
): Promise<PlannedTraining[]> {
  const distinct = [...new Map(planned.map((run) => [run.id, run])).values()];
  const trainings: PlannedTraining[] = [];
  for (const run of distinct) {
    const { outcome, damaged } = await lookAtOutcome(store, run);
    if (outcome && damaged.length === 0) {
      trainings.push({
        planned: run,
        state: 'stored',
        begins: null,
        steps: 0,
        nearest: null,
        pace: null,
        seconds: 0,
        bytes: 0,
      });
      continue;
    }
    const begins = later(await beginningOf(store, run), ofThisPlan(trainings, run));
    const steps = run.run.stop.steps - (begins?.step ?? 0);
    const pace = paceOf(stored, run.run.trajectory, here);
    trainings.push({
      planned: run,
      state: damaged.length > 0 ? 'damaged' : begins ? 'goes on' : 'new',
      begins,
      steps,
      nearest: nearestRun(stored, run.run),
      pace,
      seconds: pace && pace.startSeconds + steps / pace.stepsPerSecond,
      bytes: bytesOf(run.run),
    });
  }
  return trainings;
}

/** The longest run of the same trajectory that is trained before this one and ends before it. */
function ofThisPlan(before: PlannedTraining[], { trajectoryId, run }: PlannedRun): Beginning | null {
  return before
    .filter(({ planned, state }) => planned.trajectoryId === trajectoryId && state !== 'stored')
    .filter(({ planned }) => planned.run.stop.when === null && planned.run.stop.steps < run.stop.steps)
    .map(({ planned }): Beginning => ({ step: planned.run.stop.steps, run: planned.id }))
    .reduce(later, null);
}

function later(one: Beginning | null, other: Beginning | null): Beginning | null {
  return (other?.step ?? 0) > (one?.step ?? 0) ? other : one;
}
