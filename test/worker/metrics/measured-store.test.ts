import { describe, expect, test } from 'vitest';
import type { StoreCall } from '../../../activities/child/supervise.ts';
import { createMemoryStore, type MemoryObject } from '../../../activities/store/memory.ts';
import { measuredStore } from '../../../worker/metrics/measured-store.ts';
import { storeSuite } from '../../store.suite.ts';

function measured() {
  const objects = new Map<string, MemoryObject>();
  const calls: StoreCall[] = [];
  return { objects, calls, store: measuredStore(createMemoryStore(objects), (call) => calls.push(call)) };
}

describe('a measured store is a store', () => {
  const { objects, store } = measured();
  storeSuite(() => ({
    store,
    async damage(key) {
      const bytes = objects.get(key)?.bytes;
      if (bytes) bytes[0] ^= 1;
    },
  }));
});

test('every call is told with how it ended', async () => {
  const { store, calls } = measured();
  const ref = await store.putIfAbsent('a', Buffer.from('1'));
  await store.get(ref);
  await store.get({ ...ref, key: 'b' }).catch(() => {});
  for await (const _ of store.list('')) break;

  expect(calls.map(({ operation, outcome }) => [operation, outcome])).toEqual([
    ['putIfAbsent', 'ok'],
    ['get', 'ok'],
    ['get', 'ObjectDamaged'],
    ['list', 'ok'],
  ]);
  expect(calls.every(({ seconds }) => seconds >= 0)).toBe(true);
});

test('a list takes as long as the store does, however long its keys are worked with', async () => {
  const { store, calls } = measured();
  for (const key of ['a', 'b', 'c']) await store.putIfAbsent(key, Buffer.from(key));
  const beganAt = performance.now();
  for await (const _ of store.list('')) await new Promise((resolve) => setTimeout(resolve, 100));
  const all = (performance.now() - beganAt) / 1000;

  expect(calls.at(-1)?.operation).toBe('list');
  expect(calls.at(-1)?.seconds).toBeLessThan(all - 0.25); // 0.3 s of it were ours, a timer may be early
});
