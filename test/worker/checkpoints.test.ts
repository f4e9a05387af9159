/** Checkpoints that travel while a training goes on, on a store whose uploads arrive when the test says so. */
import { expect, test } from 'vitest';
import type { PlannedRun } from '../../activities/contract.ts';
import { CheckpointChain } from '../../activities/store/checkpoint-chain.ts';
import * as keys from '../../activities/store/keys.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import { decodeCheckpoint } from '../../activities/training/checkpoint.ts';
import { startCheckpoints } from '../../worker/checkpoints.ts';
import { request } from '../activities/training/small-training.ts';
import { listed } from '../faults/lab.ts';

const { trajectory, stop } = request('mlp-1x512', { images: 10, batchSize: 5, steps: 9, everySteps: 9 });
const PLANNED: PlannedRun = { id: 'r'.repeat(20), trajectoryId: 't'.repeat(20), run: { trajectory, stop } };

/** A training without a network, at step 1, and uploads that wait. */
async function start() {
  const store = createMemoryStore();
  const uploads: (() => void)[] = [];
  const slow = {
    ...store,
    async putIfAbsent(key: string, bytes: Uint8Array) {
      await new Promise<void>((arrive) => uploads.push(arrive));
      return store.putIfAbsent(key, bytes);
    },
  };
  const chain = await CheckpointChain.claim(slow, PLANNED, 'first');
  const training = { step: 1, weight: 0.5 };
  const checkpoints = startCheckpoints(chain, PLANNED.trajectoryId, {
    snapshot: async () => ({
      step: training.step,
      weights: { w: { shape: [1], data: Float32Array.of(training.weight) } },
      momenta: {},
      losses: new Float32Array(training.step),
      evaluations: [],
    }),
  });
  /** Waits until an upload is on its way. */
  const departed = async () => {
    while (uploads.length === 0) await turn();
  };
  /** Lets the upload that comes next arrive. */
  const arrive = async () => {
    await departed();
    uploads.shift()!();
    await turn();
  };
  const named = async () => {
    const pointer = await store.read(keys.checkpointPointer(PLANNED));
    return JSON.parse(pointer!.bytes.toString()).links.map(({ step }: { step: number }) => step);
  };
  return { store, training, checkpoints, uploads, departed, arrive, named };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the training goes on while a checkpoint travels, and what arrives is the state that was read', async () => {
  const { store, training, checkpoints, arrive } = await start();
  await checkpoints.begin();
  Object.assign(training, { step: 2, weight: 0.25 });
  await arrive();
  const state = decodeCheckpoint(PLANNED.trajectoryId, await store.get(checkpoints.latest!));
  expect(state).toMatchObject({ step: 1, weights: { w: { data: Float32Array.of(0.5) } } });
});

test('the pointer names a checkpoint only once it is whole', async () => {
  const { checkpoints, departed, arrive, named } = await start();
  await checkpoints.begin();
  await departed();
  const { latest, isUnderway } = checkpoints;
  expect({ named: await named(), latest, isUnderway }).toEqual({ named: [], latest: null, isUnderway: true });
  await arrive();
  expect({ named: await named(), latest: checkpoints.latest?.step }).toEqual({ named: [1], latest: 1 });
  expect(checkpoints.isUnderway).toBe(false);
});

test('a checkpoint waits for the one before: one is on its way at a time', async () => {
  const { training, checkpoints, uploads, departed, arrive, named } = await start();
  await checkpoints.begin();
  await departed();
  training.step = 2;
  const second = checkpoints.begin();
  for (let turns = 0; turns < 10; turns++) await turn();
  expect(uploads).toHaveLength(1);
  await arrive();
  await second;
  await arrive();
  expect(await named()).toEqual([2, 1]);
});

test('a step that has its checkpoint is not sent again', async () => {
  const { training, checkpoints, uploads, arrive, named } = await start();
  await checkpoints.begin();
  await arrive();
  await checkpoints.begin(); // as after an evaluation, which takes no step
  await turn();
  expect(uploads).toEqual([]);
  training.step = 2;
  await checkpoints.begin();
  await arrive();
  expect(await named()).toEqual([2, 1]);
});

test('finishing waits for the checkpoint on its way and leaves the last state in the store', async () => {
  const { training, checkpoints, uploads, arrive, named } = await start();
  await checkpoints.begin();
  training.step = 2;
  const end = checkpoints.finish();
  for (let turns = 0; turns < 10; turns++) await turn();
  expect(uploads).toHaveLength(1);
  await arrive();
  await arrive();
  expect((await end).checkpoint.step).toBe(2);
  expect(await named()).toEqual([2, 1]);
});

test('a state that is in the store already is not sent again', async () => {
  const { checkpoints, uploads, arrive } = await start();
  await checkpoints.begin();
  await arrive();
  expect((await checkpoints.finish()).checkpoint).toEqual(checkpoints.latest);
  expect(uploads).toEqual([]);
});

test('a checkpoint that finds its run taken over fails the training at its next event, and leaves nothing', async () => {
  const { store, checkpoints, departed, arrive, named } = await start();
  await checkpoints.begin();
  await departed();
  await CheckpointChain.claim(store, PLANNED, 'second');
  checkpoints.expectNoFailure();
  await arrive();
  await checkpoints.settle();
  expect(() => checkpoints.expectNoFailure()).toThrow('taken over by a newer attempt');
  await expect(checkpoints.begin()).rejects.toThrow('taken over');
  await expect(checkpoints.finish()).rejects.toThrow('taken over');
  expect(await named()).toEqual([]);
  expect(await listed(store, `trajectories/${PLANNED.trajectoryId}/checkpoints/`)).toEqual([]);
});
