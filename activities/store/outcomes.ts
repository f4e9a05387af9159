/** Outcomes of finished runs. A stored run counts only when it is whole: every object it names is read and verified,
 *  and what is damaged is set aside, so that the run is computed again. */
import { Outcome, type PlannedRun, type TrainedRun } from '../contract.ts';
import { unlessDamaged } from './damage.ts';
import * as keys from './keys.ts';
import type { Store } from './store.ts';

type RunIds = Pick<PlannedRun, 'id' | 'trajectoryId'>;

export async function readOutcome(store: Store, run: RunIds): Promise<Outcome | null> {
  const { outcome, damaged } = await lookAtOutcome(store, run);
  if (damaged.length === 0) return outcome;
  // Its record goes last, so that a run that is half set aside is still seen to be damaged.
  for (const key of damaged) await store.setAside(key);
  await store.setAside(keys.outcome(run));
  return null;
}

/** The outcome of a run, and the keys of what is damaged or gone of it; changes nothing. */
export async function lookAtOutcome(
  store: Store,
  run: RunIds,
): Promise<{ outcome: Outcome | null; damaged: string[] }> {
  const ref = await store.head(keys.outcome(run));
  if (!ref) return { outcome: null, damaged: [] };
  const bytes = await unlessDamaged(() => store.get(ref));
  if (!bytes) return { outcome: null, damaged: [ref.key] };
  const outcome = Outcome.parse(JSON.parse(bytes.toString()));
  const parts = [outcome.weights, outcome.curve, outcome.evaluations];
  const whole = await Promise.all(parts.map((part) => unlessDamaged(() => store.get(part))));
  return { outcome, damaged: parts.flatMap(({ key }, index) => (whole[index] ? [] : [key])) };
}

/** `evaluations.csv` of runs that ended, by run id. */
export const readEvaluations = async (store: Store, runs: TrainedRun[]): Promise<Map<string, string>> =>
  new Map(
    await Promise.all(
      runs.flatMap(({ planned, outcome }) =>
        outcome ? [store.get(outcome.evaluations).then((bytes) => [planned.id, String(bytes)] as const)] : [],
      ),
    ),
  );
