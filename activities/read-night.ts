import type { Activities } from './contract.ts';
import { newestNight } from './drift/nights.ts';
import type { Store } from './store/store.ts';

/** What the night before left unfinished, of the same request. */
export function createReadNight({ store }: { store: Store }): Activities['readNight'] {
  return async ({ request }) => ({ unfinished: (await newestNight(store, request))?.unfinished ?? [] });
}
