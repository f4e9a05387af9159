/** Theorem 1 keeps nothing on the way: what is killed is made again, with the same bytes. */
import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFitTheorem } from '../../activities/fit-theorem.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { verifyTheorem1 } from '../../workflows/theorem-1.ts';
import { environment } from '../activities/environment.ts';
import { type Lab, listed, openLab, SOON_MISSED } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
}, 180_000);
afterAll(() => lab.close());

const GENERATED = 1200; // some seconds, two thirds of them for Corollary 1

async function undisturbed(): Promise<Map<string, string>> {
  const store = createMemoryStore();
  const activity = createFitTheorem({ store, environment, now: () => new Date(0) });
  const sample = { generated: GENERATED };
  const request: Parameters<typeof activity>[0] = { sample, labels: 'random', seed: 1 };
  await new MockActivityEnvironment().run(activity, request);
  return digestsIn(store);
}

/** SHA-256 by file name; provenance has times. */
async function digestsIn(store: Parameters<typeof listed>[0]): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const { key } of await listed(store, 'theorems/1/')) {
    const found = await store.head(key);
    if (found && !/ro-crate|latest$/.test(key)) digests.set(key, found.sha256);
  }
  return digests;
}

/** Until the first attempt is in the middle of it. */
async function begun(workflowId: string): Promise<void> {
  for (;;) {
    const { raw } = await lab.client.workflow.getHandle(workflowId).describe();
    const fitting = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'fitTheorem');
    if ((fitting?.heartbeatDetails?.payloads?.length ?? 0) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('its worker killed in the middle, another one comes to the same weights and numbers, byte for byte', async () => {
  const expected = await undisturbed();
  const workers = lab.startWorkers(undefined, SOON_MISSED);
  const workflowId = `theorem1-${randomUUID()}`;
  const handle = await lab.client.workflow.start<typeof verifyTheorem1>('verifyTheorem1', {
    workflowId,
    taskQueue: 'rethinking',
    args: [{ generated: GENERATED }],
  });
  await begun(workflowId);
  expect((await digestsIn(workers.store)).size).toBe(0);
  process.kill(workers.pid('train')!, 'SIGKILL');

  const { verdicts } = await handle.result();
  expect(verdicts.map(({ agrees }) => agrees)).toEqual([true, true, true]);
  expect(await digestsIn(workers.store)).toEqual(expected);
  expect(expected.size).toBe(8);
}, 180_000);
