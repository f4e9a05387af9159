/** The store with a stopwatch: who opened it is told of every call, how long it took and how it ended. */

import type { StoreCall } from '../../activities/child/supervise.ts';
import { Failure, type FailureType } from '../../activities/failure/failure.ts';
import type { Store } from '../../activities/store/store.ts';

export function measuredStore(store: Store, tell: (call: StoreCall) => void): Store {
  async function timed<T>(operation: keyof Store, work: () => Promise<T>): Promise<T> {
    const beganAt = performance.now();
    const seconds = () => (performance.now() - beganAt) / 1000;
    try {
      const result = await work();
      tell({ operation, seconds: seconds(), outcome: 'ok' });
      return result;
    } catch (error) {
      tell({ operation, seconds: seconds(), outcome: outcomeOf(error) });
      throw error;
    }
  }
  return {
    probe: () => timed('probe', () => store.probe()),
    putIfAbsent: (key, bytes, contentType) =>
      timed('putIfAbsent', () => store.putIfAbsent(key, bytes, contentType)),
    get: (ref) => timed('get', () => store.get(ref)),
    head: (key) => timed('head', () => store.head(key)),
    read: (key) => timed('read', () => store.read(key)),
    swap: (key, bytes, version) => timed('swap', () => store.swap(key, bytes, version)),
    list: (prefix) => timedList(store.list(prefix), tell),
    delete: (keys) => timed('delete', () => store.delete(keys)),
    setAside: (key) => timed('setAside', () => store.setAside(key)),
    presign: (key, seconds) => timed('presign', () => store.presign(key, seconds)),
  };
}

/** Only the waiting for the store counts, not what is done with a key before the next is asked for. */
async function* timedList<T>(entries: AsyncIterable<T>, tell: (call: StoreCall) => void): AsyncGenerator<T> {
  const iterator = entries[Symbol.asyncIterator]();
  let seconds = 0;
  let outcome: StoreCall['outcome'] = 'ok';
  try {
    for (;;) {
      const askedAt = performance.now();
      const next = await iterator.next().catch((error: unknown) => {
        outcome = outcomeOf(error);
        throw error;
      });
      seconds += (performance.now() - askedAt) / 1000;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    tell({ operation: 'list', seconds, outcome });
  }
}

const outcomeOf = (error: unknown): FailureType | 'Error' =>
  error instanceof Failure ? error.type : 'Error';
