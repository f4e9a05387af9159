import type { Activities } from './contract.ts';
import { planRun } from './identity/run-id.ts';
import { readOutcome } from './store/outcomes.ts';
import type { Store } from './store/store.ts';

/** Gives runs their ids, and the outcomes of those that are finished already. */
export function createPlanRuns({ store }: { store: Store }): Activities['planRuns'] {
  return async ({ dataset, runs }) =>
    Promise.all(
      runs.map(async (run) => {
        const planned = planRun(dataset, run);
        return { planned, outcome: await readOutcome(store, planned) };
      }),
    );
}
