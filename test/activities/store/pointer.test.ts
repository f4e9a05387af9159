import { beforeEach, expect, test } from 'vitest';
import { createMemoryStore, type MemoryObject } from '../../../activities/store/memory.ts';
import { point, readOrSetAside } from '../../../activities/store/pointer.ts';
import type { Store } from '../../../activities/store/store.ts';

const KEY = 'figures/1a/latest';

let objects: Map<string, MemoryObject>;
let store: Store;
beforeEach(async () => {
  objects = new Map();
  store = createMemoryStore(objects);
  await point(store, KEY, Buffer.from('one'));
});

const damage = () => {
  objects.get(KEY)!.bytes = Buffer.from('onf');
};

test('a pointer moves to what was written last', async () => {
  await point(store, KEY, Buffer.from('other'));
  expect(String((await readOrSetAside(store, KEY))?.bytes)).toBe('other');
});

test('a damaged pointer is as none, and its bytes are set aside', async () => {
  damage();
  expect(await readOrSetAside(store, KEY)).toBeNull();
  expect(String(objects.get(`damaged/${KEY}`)?.bytes)).toBe('onf');
});

test('a damaged pointer is written anew', async () => {
  damage();
  await point(store, KEY, Buffer.from('other'));
  expect(String((await store.read(KEY))?.bytes)).toBe('other');
});
