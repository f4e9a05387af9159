/** Outcomes of finished runs. A stored run counts only when it is whole: every object it names is read and verified,
 *  and what is damaged is set aside, so that the run is computed again. */
import { type ObjectRef, Outcome, type PlannedRun, type TrainedRun } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import * as keys from './keys.ts';
import type { Store } from './store.ts';

export async function readOutcome(store: Store, planned: PlannedRun): Promise<Outcome | null> {
  const ref = await store.head(keys.outcome(planned));
  if (!ref) return null;
  const bytes = await readOrSetAside(store, ref);
  if (!bytes) return null;
  const outcome = Outcome.parse(JSON.parse(bytes.toString()));
  const parts = [outcome.weights, outcome.curve, outcome.evaluations];
  const whole = await Promise.all(parts.map((part) => readOrSetAside(store, part)));
  if (whole.every((part) => part)) return outcome;
  await store.setAside(ref.key);
  return null;
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

async function readOrSetAside(store: Store, ref: ObjectRef): Promise<Buffer | null> {
  try {
    return await store.get(ref);
  } catch (error) {
    if (!(error instanceof Failure && error.type === 'ObjectDamaged')) throw error;
    await store.setAside(ref.key);
    return null;
  }
}
