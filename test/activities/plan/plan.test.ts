import { beforeEach, expect, test } from 'vitest';
import type { PlannedRun } from '../../../activities/contract.ts';
import { planTrainings } from '../../../activities/plan/plan.ts';
import { readStoredRuns } from '../../../activities/plan/stored-runs.ts';
import * as keys from '../../../activities/store/keys.ts';
import { createMemoryStore, type MemoryObject } from '../../../activities/store/memory.ts';
import { bound, finish, leaveCheckpoint } from './generated-runs.ts';

let objects: Map<string, MemoryObject>;
let store: ReturnType<typeof createMemoryStore>;
beforeEach(() => {
  objects = new Map();
  store = createMemoryStore(objects);
});

const everywhere = () => true;
const planOf = async (runs: PlannedRun[], here: (origin: { machine: string }) => boolean = everywhere) =>
  planTrainings(store, runs, await readStoredRuns(store), here);
const stopAt = (steps: number) => bound({ stop: { steps, when: null } });

test('what is stored costs nothing, what is new its steps', async () => {
  await finish(store, bound());

  const [stored, fresh] = await planOf([bound(), bound({ seed: 2 })]);

  expect(stored).toMatchObject({ state: 'stored', steps: 0, seconds: 0, bytes: 0 });
  expect(fresh).toMatchObject({ state: 'new', steps: 60, begins: null, seconds: null });
});

test('a run that two artifacts need is planned once', async () => {
  expect(await planOf([bound(), bound()])).toHaveLength(1);
});

test('an interrupted run goes on from its own checkpoint', async () => {
  await leaveCheckpoint(store, stopAt(60), [3, 2, 1]);

  const [run] = await planOf([stopAt(60)]);

  expect(run).toMatchObject({ state: 'goes on', steps: 57, begins: { step: 3, run: stopAt(60).id } });
});

test('a longer run goes on from the end of a shorter one', async () => {
  await finish(store, stopAt(3));

  const [run] = await planOf([stopAt(60)]);

  expect(run).toMatchObject({ state: 'goes on', steps: 57, begins: { step: 3, run: stopAt(3).id } });
});

test('a checkpoint whose bytes are damaged is not gone on from, and stays where it is', async () => {
  const { key } = await leaveCheckpoint(store, stopAt(60), [3, 2, 1]);
  objects.get(key)!.bytes[40] ^= 1;

  expect(await planOf([stopAt(60)])).toMatchObject([{ state: 'new', steps: 60 }]);
  expect(objects.has(key)).toBe(true);
});

test('of two runs of one trajectory in one plan the longer trains only what the shorter has not', async () => {
  const [short, long] = await planOf([stopAt(20), stopAt(60)]);

  expect(short).toMatchObject({ state: 'new', steps: 20 });
  expect(long).toMatchObject({ state: 'goes on', steps: 40, begins: { step: 20, run: stopAt(20).id } });
});

test('a stored run whose weights are damaged is trained again, and a plan sets nothing aside', async () => {
  await finish(store, bound());
  objects.get(keys.weights(bound()))!.bytes[8] ^= 1;
  const before = [...objects.keys()];

  const [run] = await planOf([bound()]);

  expect(run).toMatchObject({ state: 'damaged' });
  expect([...objects.keys()]).toEqual(before);
});

test('a new run names the stored one that is most like it, and what differs', async () => {
  await finish(store, bound());
  await finish(store, bound({ model: 'alexnet' }));

  const [run] = await planOf([bound({ corruption: { labels: 0.5, pixels: 'intact' } })]);

  expect(run?.nearest).toEqual({
    id: bound().id,
    differences: [{ field: 'corruption.labels', one: null, other: 0.5 }],
  });
});

test('time comes from the segments that were measured: 3 s to load, then 10 steps a second', async () => {
  const losses = Array.from({ length: 20 }, () => 1);
  const segment = {
    from: { step: 10, checkpoint: 'trajectories/x' },
    startSeconds: 3,
    trainingSeconds: 1, // for the ten steps after the tenth
  };
  await finish(store, bound(), { losses, segment });

  const [run] = await planOf([bound({ seed: 2 })]);

  expect(run?.pace).toMatchObject({ stepsPerSecond: 10, startSeconds: 3, runs: 1, sameScale: true });
  expect(run?.seconds).toBe(9);
});

test('another machine’s speed, another network’s, and records without a segment say nothing', async () => {
  const segment = { from: null, startSeconds: 1, trainingSeconds: 1 };
  await finish(store, bound(), { segment, cpu: 'Another CPU' });
  await finish(store, bound({ model: 'alexnet' }), { segment });
  await finish(store, bound({ seed: 3 }));

  const [run] = await planOf([bound({ seed: 2 })], ({ machine }) => machine.startsWith('Some CPU,'));

  expect(run).toMatchObject({ pace: null, seconds: null });
});
