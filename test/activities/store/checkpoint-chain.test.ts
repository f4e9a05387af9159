import { beforeEach, expect, test } from 'vitest';
import { planRun } from '../../../activities/identity/run-id.ts';
import {
  CheckpointChain,
  CLAIMS_WITHOUT_PROGRESS,
  linksOfSiblings,
} from '../../../activities/store/checkpoint-chain.ts';
import * as keys from '../../../activities/store/keys.ts';
import { createMemoryStore, type MemoryObject } from '../../../activities/store/memory.ts';
import type { Store } from '../../../activities/store/store.ts';
import { PROFILES } from '../../../workflows/profiles.ts';
import { recipe, TRUE_LABELS } from '../../../workflows/recipe.ts';

const run = (steps: number) =>
  planRun(
    { name: 'procedural', sha256: '0'.repeat(64) },
    recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: TRUE_LABELS, seed: 1, stop: { steps } }),
  );
const planned = run(100);
const bytes = (text: string) => Buffer.from(text);

let objects: Map<string, MemoryObject>;
let store: Store;
beforeEach(() => {
  objects = new Map();
  store = createMemoryStore(objects);
});

test('the next attempt finds the newest checkpoint', async () => {
  const first = await CheckpointChain.claim(store, planned, 'first');
  await first.commit(10, bytes('ten'));
  await first.commit(20, bytes('twenty'));
  const second = await CheckpointChain.claim(store, planned, 'second');
  expect(second.links.map(({ step }) => step)).toEqual([20, 10]);
  expect((await store.get(second.links[0])).toString()).toBe('twenty');
});

test('a zombie can neither commit nor set aside once a newer attempt has claimed the run', async () => {
  const zombie = await CheckpointChain.claim(store, planned, 'zombie');
  await zombie.commit(10, bytes('ten'));
  const heir = await CheckpointChain.claim(store, planned, 'heir');
  await expect(zombie.commit(20, bytes('from the dead'))).rejects.toMatchObject({ type: 'Fenced' });
  await expect(zombie.setAside(zombie.links[0])).rejects.toMatchObject({ type: 'Fenced' });
  const keys = [];
  for await (const { key } of store.list('trajectories/')) if (key.includes('/checkpoints/')) keys.push(key);
  expect(keys).toEqual([heir.links[0].key]);
  await heir.commit(20, bytes('from the living'));
  const next = await CheckpointChain.claim(store, planned, 'next');
  expect((await store.get(next.links[0])).toString()).toBe('from the living');
});

test('a zombie that was overtaken in the middle of a commit takes its checkpoint back', async () => {
  let overtake = async () => {};
  const slow: Store = {
    ...store,
    putIfAbsent: async (key, content) => {
      const ref = await store.putIfAbsent(key, content);
      await overtake();
      return ref;
    },
  };
  const zombie = await CheckpointChain.claim(slow, planned, 'zombie');
  overtake = async () => void (await CheckpointChain.claim(store, planned, 'heir'));
  await expect(zombie.commit(10, bytes('ten'))).rejects.toMatchObject({ type: 'Fenced' });
  const keys = [];
  for await (const { key } of store.list('trajectories/')) if (key.includes('/checkpoints/')) keys.push(key);
  expect(keys).toEqual([]);
});

test('two checkpoints are kept and older ones deleted', async () => {
  const chain = await CheckpointChain.claim(store, planned, 'only');
  const links = [];
  for (const step of [10, 20, 30]) links.push(await chain.commit(step, bytes(`step ${step}`)));
  expect(chain.links.map(({ step }) => step)).toEqual([30, 20]);
  expect(await store.head(links[0].key)).toBeNull();
  expect(await store.head(links[1].key)).not.toBeNull();
});

test('a checkpoint that is set aside leaves the one before as the newest', async () => {
  const chain = await CheckpointChain.claim(store, planned, 'only');
  await chain.commit(10, bytes('ten'));
  const damaged = await chain.commit(20, bytes('twenty'));
  await chain.setAside(damaged);
  expect(chain.links.map(({ step }) => step)).toEqual([10]);
  expect(await store.head(damaged.key)).toBeNull();
});

test('attempts that bring nothing forward end with NoProgress, and a person may start again after it', async () => {
  for (let attempt = 0; attempt < CLAIMS_WITHOUT_PROGRESS; attempt++) {
    await CheckpointChain.claim(store, planned, `attempt ${attempt}`);
  }
  await expect(CheckpointChain.claim(store, planned, 'one too many')).rejects.toMatchObject({
    type: 'NoProgress',
    message: expect.stringContaining(
      `was started ${CLAIMS_WITHOUT_PROGRESS} times without reaching a next checkpoint`,
    ),
  });
  await expect(CheckpointChain.claim(store, planned, 'a person')).resolves.toBeDefined();
});

test('a commit forgets the attempts before it', async () => {
  for (let attempt = 0; attempt < 3 * CLAIMS_WITHOUT_PROGRESS; attempt++) {
    const chain = await CheckpointChain.claim(store, planned, `attempt ${attempt}`);
    if (attempt % 3 === 0) await chain.commit(attempt, bytes(`${attempt}`));
  }
  await expect(CheckpointChain.claim(store, planned, 'last')).resolves.toBeDefined();
});

test('a longer run sees the checkpoints a shorter one left, and not those beyond its own end', async () => {
  const short = await CheckpointChain.claim(store, run(40), 'short');
  await short.commit(20, bytes('twenty'));
  await short.commit(40, bytes('forty'));
  expect((await linksOfSiblings(store, run(100))).map(({ step }) => step)).toEqual([40, 20]);
  expect((await linksOfSiblings(store, run(30))).map(({ step }) => step)).toEqual([20]);
});

test('a run whose pointer is damaged goes on from the newest checkpoints that are there', async () => {
  const first = await CheckpointChain.claim(store, planned, 'first');
  for (const step of [8, 9, 10]) await first.commit(step, bytes(`step ${step}`));
  objects.get(keys.checkpointPointer(planned))!.bytes[0] ^= 1;

  const second = await CheckpointChain.claim(store, planned, 'second');

  expect(second.links).toEqual(first.links);
  expect(objects.has(keys.damaged(keys.checkpointPointer(planned)))).toBe(true);
  await expect(first.commit(11, bytes('step 11'))).rejects.toMatchObject({ type: 'Fenced' });
});

test('a sibling whose pointer is damaged is passed over', async () => {
  const sibling = run(50);
  await (await CheckpointChain.claim(store, sibling, 'one')).commit(40, bytes('forty'));
  objects.get(keys.checkpointPointer(sibling))!.bytes[0] ^= 1;
  expect(await linksOfSiblings(store, planned)).toEqual([]);
});
