import { beforeEach, expect, test } from 'vitest';
import type { PlannedRun } from '../../../activities/contract.ts';
import { collect } from '../../../activities/housekeeping/collect.ts';
import { readFacts } from '../../../activities/housekeeping/facts.ts';
import { type Retention, type Running, rubbishOf } from '../../../activities/housekeeping/rubbish.ts';
import { planRun } from '../../../activities/identity/run-id.ts';
import { publish } from '../../../activities/provenance/publish.ts';
import * as keys from '../../../activities/store/keys.ts';
import { createMemoryStore, type MemoryObject } from '../../../activities/store/memory.ts';
import type { Store } from '../../../activities/store/store.ts';
import { environment } from '../environment.ts';
import { bound, finish, leaveCheckpoint } from '../plan/generated-runs.ts';

const NOW = new Date('2026-02-01T00:00:00Z');
const LONG_AGO = new Date('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;

const RETENTION: Retention = {
  now: NOW,
  marginMs: 24 * HOUR_MS,
  unfinishedCheckpoints: 2,
  unfinishedMs: null,
  superseded: false,
  prepared: false,
  canariesMs: null,
  drawing: 2,
};
const IDLE: Running = { runs: new Set(), others: [], unnamed: [], payloads: new Set() };

let objects: Map<string, MemoryObject>;
let store: Store;
/** Keys that were written an hour ago; everything else is a month old. */
let young: Set<string>;
beforeEach(() => {
  objects = new Map();
  store = createMemoryStore(objects);
  young = new Set();
});

async function rubbish(retention: Partial<Retention> = {}, running: Partial<Running> = {}) {
  const listing = [...objects].map(([key, { bytes }]) => ({
    key,
    bytes: bytes.length,
    modified: young.has(key) ? new Date(NOW.getTime() - HOUR_MS) : LONG_AGO,
  }));
  const facts = await readFacts(store, { objects: listing, uploads: [] });
  return rubbishOf(facts, { ...IDLE, ...running }, { ...RETENTION, ...retention });
}
const found = async (...args: Parameters<typeof rubbish>) =>
  (await rubbish(...args)).flatMap(({ kind, objects: gone }) => gone.map(({ key }) => [kind, key]));

const put = (key: string, text = key) => store.putIfAbsent(key, Buffer.from(text));
const stray = keys.checkpoint(bound(), 7, '0badbeef');

test('a store of finished runs has no rubbish', async () => {
  await finish(store, bound());
  await finish(store, bound({ seed: 2 }));

  expect(await found()).toEqual([]);
});

test('a checkpoint that no run names is rubbish', async () => {
  await finish(store, bound());
  await put(stray);

  expect(await found()).toEqual([['stray-checkpoint', stray]]);
});

test('a checkpoint that was written an hour ago may be on its way to its name', async () => {
  await finish(store, bound());
  await put(stray);
  young.add(stray);

  expect(await found()).toEqual([]);
});

test('while a run of the trajectory trains, none of its checkpoints is touched', async () => {
  await leaveCheckpoint(store, bound(), [2]);
  await finish(store, bound());
  await put(stray);
  const longer = bound({ stop: { steps: 90 } });
  await leaveCheckpoint(store, longer, [2]);

  expect(await found({}, { runs: new Set([longer.id]) })).toEqual([]);
  expect(await found({}, { unnamed: ['my-training'] })).toEqual([]);
});

test('of a finished run the last checkpoint stays, which a longer one goes on from', async () => {
  const { key: before } = await leaveCheckpoint(store, bound(), [2]);
  const { checkpoint } = await finish(store, bound());

  expect(await found()).toEqual([['finished-run', before]]);
  expect(objects.has(checkpoint.key)).toBe(true);
});

test('of an unfinished run as many stay as are asked for, and all of them by default', async () => {
  const { key: before } = await leaveCheckpoint(store, bound(), [2]);
  const { key: newest } = await leaveCheckpoint(store, bound(), [2, 1]);

  expect(await found()).toEqual([]);
  expect(await found({ unfinishedCheckpoints: 1 })).toEqual([['retention', before]]);
  expect(await found({ unfinishedMs: 7 * 24 * HOUR_MS })).toEqual([
    ['unfinished-run', newest],
    ['unfinished-run', before],
  ]);
  young.add(newest);
  expect(await found({ unfinishedMs: 7 * 24 * HOUR_MS })).toEqual([]);
});

test('a run whose pointer is damaged keeps every checkpoint of its trajectory', async () => {
  await finish(store, bound());
  await put(stray);
  objects.get(keys.checkpointPointer(bound()))!.bytes[0] ^= 1;

  expect(await found()).toEqual([]);
});

test('an unfinished run whose pointer was set aside keeps its checkpoints, which it finds by their names', async () => {
  await leaveCheckpoint(store, bound(), [2]);
  await store.setAside(keys.checkpointPointer(bound()));

  expect(await found()).toEqual([['damaged', `damaged/${keys.checkpointPointer(bound())}`]]);
});

test('of a kernel system that is solved the iterates go, of one that is not they stay', async () => {
  const [solved, open] = ['1'.repeat(20), '2'.repeat(20)];
  const iterate = keys.kernelCheckpoint(solved, 7, 'abcdef01');
  await put(iterate);
  await put(keys.kernel(solved, 'ro-crate-metadata.json'));
  await put(keys.kernelCheckpoint(open, 7, 'abcdef01'));

  expect(await found()).toEqual([['solved-kernel', iterate]]);
  expect(await found({}, { others: ['table3-x'] })).toEqual([]);
});

/** A picture of a version of the drawing, with what it was made from. */
const figure = (id: string, parameters: object, inputs: { key: string }[] = []) =>
  publish(store, {
    keyOf: (file) => keys.figure('1a', id, file),
    latest: keys.latestFigure('1a'),
    files: [{ name: 'figure-1a.svg', bytes: '<svg/>', contentType: 'image/svg+xml' }],
    title: 'Figure 1a',
    about: 'Of a test.',
    inputs: inputs.map(({ key }) => ({ key, sha256: '0'.repeat(64), bytes: 1 })),
    parameters: { ...parameters },
    environment,
    startedAt: LONG_AGO,
    now: () => LONG_AGO,
  });

test('a picture of an older drawing goes once a newer one is shown', async () => {
  await figure('a'.repeat(20), { drawing: 1 });
  expect(await found()).toEqual([]); // it is what is shown

  await figure('b'.repeat(20), { drawing: 2 });
  expect(await found()).toEqual([
    ['older-drawing', `figures/1a/${'a'.repeat(20)}/ro-crate-metadata.json`],
    ['older-drawing', `figures/1a/${'a'.repeat(20)}/figure-1a.svg`],
  ]);
});

test('artifacts of older inputs go when that is asked for; what a shown one was made from stays', async () => {
  await figure('a'.repeat(20), { drawing: 2 });
  await figure('b'.repeat(20), { drawing: 2 });
  await figure('c'.repeat(20), { drawing: 2 }, [{ key: `figures/1a/${'b'.repeat(20)}/figure-1a.svg` }]);

  expect(await found()).toEqual([]);
  expect(await found({ superseded: true })).toEqual([
    ['superseded', `figures/1a/${'a'.repeat(20)}/ro-crate-metadata.json`],
    ['superseded', `figures/1a/${'a'.repeat(20)}/figure-1a.svg`],
  ]);
  expect(await found({ superseded: true }, { others: ['figure1-x'] })).toEqual([]);
});

test('damaged objects that were set aside, and what a killed worker’s look left, are rubbish', async () => {
  await put('damaged/trajectories/x');
  await put('probe/1');

  expect(await found()).toEqual([
    ['damaged', 'damaged/trajectories/x'],
    ['probe', 'probe/1'],
  ]);
});

test('prepared images go when that is asked for and nothing trains', async () => {
  const images = 'datasets/cifar10/sha/prepared/x/train-images.npy';
  await put(images);
  await put('datasets/cifar10/sha/train-images.npy');

  expect(await found()).toEqual([]);
  expect(await found({ prepared: true })).toEqual([['prepared', images]]);
  expect(await found({ prepared: true }, { runs: new Set(['some run']) })).toEqual([]);
});

test('a large payload goes when no history names it any more, and never while a figure runs', async () => {
  const [named, forgotten] = ['a', 'b'].map((digit) => keys.payload(LONG_AGO, digit.repeat(64)));
  const today = keys.payload(NOW, 'c'.repeat(64));
  for (const key of [named, forgotten, today]) await put(key);
  young.add(today); // on its way into a history

  expect(await found({}, { payloads: new Set([named]) })).toEqual([['payload', forgotten]]);
  expect(await found({}, { payloads: new Set([named]), others: ['figure1-x'] })).toEqual([]);
});

/** A stored run that a night trained again. */
async function canary(): Promise<PlannedRun> {
  const { run } = bound();
  const planned = planRun(run.trajectory.dataset, {
    ...run,
    trajectory: { ...run.trajectory, salt: 'night' },
  });
  await leaveCheckpoint(store, planned, [2]);
  await finish(store, planned);
  await put(keys.trajectory(planned), JSON.stringify(planned.run.trajectory));
  return planned;
}

test('past canaries go whole when that is asked for, and what they repeated stays', async () => {
  await finish(store, bound());
  await put(keys.trajectory(bound()), JSON.stringify(bound().run.trajectory));
  const stays = [...objects.keys()];
  const { id, trajectoryId } = await canary();
  const days = (count: number) => ({ canariesMs: count * 24 * HOUR_MS });

  const gone = await found(days(30));
  expect(gone.map(([kind]) => kind)).toEqual(gone.map(() => 'canary'));
  expect(gone.map(([, key]) => key)).toHaveLength(objects.size - stays.length);
  expect(gone.at(-1)?.[1]).toBe(keys.trajectory({ id, trajectoryId }));
  expect(gone.every(([, key]) => key.startsWith(`trajectories/${trajectoryId}/`))).toBe(true);
  expect(await found(days(32))).toEqual([['finished-run', expect.stringContaining(trajectoryId)]]);
  expect(await found(days(30), { runs: new Set([id]) })).toEqual([]);
});

/** Everything that is rubbish here, beside two finished runs and a picture. */
async function fillStore() {
  await leaveCheckpoint(store, bound(), [2]);
  await finish(store, bound());
  await finish(store, bound({ seed: 2 }));
  await put(stray);
  await put('damaged/x');
  await canary();
  await figure('a'.repeat(20), { drawing: 1 });
  await figure('b'.repeat(20), { drawing: 2 });
}
const ASKED = { superseded: true, canariesMs: 0 };
const noUploads = { abort: async () => {} };

// Trajectory, pointer, two checkpoints, outcome, weights, curve, evaluations, provenance.
const CANARY_OBJECTS = 9;

async function removeAll(into: Store) {
  const removed: string[] = [];
  for await (const { key } of collect(into, noUploads, await rubbish(ASKED))) removed.push(key);
  return removed;
}

test('killed after any of its removals, a second run leaves what an undisturbed one leaves', async () => {
  await fillStore();
  const whole = new Map(objects);
  const removals = (await removeAll(store)).length;
  const clean = [...objects.keys()].sort();
  expect(removals).toBe(5 + CANARY_OBJECTS);

  for (let survived = 0; survived < removals; survived++) {
    objects.clear();
    for (const [key, object] of whole) objects.set(key, object);
    let left = survived;
    const killed: Store = {
      ...store,
      async delete(gone) {
        if (left-- === 0) throw new Error('killed');
        await store.delete(gone);
      },
    };
    await expect(removeAll(killed)).rejects.toThrow('killed');
    await removeAll(store);
    expect([...objects.keys()].sort()).toEqual(clean);
  }
});

test('a run that is claimed between the look and the removal keeps its checkpoints', async () => {
  await leaveCheckpoint(store, bound(), [2]);
  await finish(store, bound());
  const seen = await rubbish();
  const claimed: Store = {
    ...store,
    async swap() {
      return null; // a trainer was first
    },
  };

  for await (const _ of collect(claimed, noUploads, seen)) expect.unreachable();
});
