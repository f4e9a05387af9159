/** What a trainer or solver tells its worker about itself, where that serves metrics: it has no endpoint of its own. */
import type { Measured } from '../../activities/child/supervise.ts';
import type { Store } from '../../activities/store/store.ts';
import { type Config, openStore } from '../config.ts';
import { measuredStore } from './measured-store.ts';

const MEMORY_EVERY_MS = 5_000;

/** The store of a child. */
export function openChildStore(config: Config, report: (message: Measured) => void): Store {
  const store = openStore(config);
  if (config.RETHINKING_METRICS_ADDRESS === undefined) return store;
  setInterval(() => report({ kind: 'memory', bytes: process.memoryUsage.rss() }), MEMORY_EVERY_MS).unref();
  return measuredStore(store, (call) => report({ kind: 'store', call }));
}
