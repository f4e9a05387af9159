import type { Activities } from './contract.ts';
import { readOutcome } from './store/outcomes.ts';
import type { Store } from './store/store.ts';

/** The outcome of a run that is finished and whole in the store, or null. */
export function createFindOutcome({ store }: { store: Store }): Activities['findOutcome'] {
  return ({ planned }) => readOutcome(store, planned);
}
