import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { expect, test } from 'vitest';
import { artifactRows } from '../../../worker/cli/follow.ts';

/** As a workflow that fits shows itself, with the newest heartbeat of its activity. */
async function rowsWith(details: object) {
  const payloads = [defaultPayloadConverter.toPayload(details)];
  const handle: Pick<WorkflowHandle, 'query' | 'describe'> = Object.assign(Object.create(null), {
    query: async () => ({ phase: 'fitting', runs: [] }),
    describe: async () => ({ raw: { pendingActivities: [{ heartbeatDetails: { payloads } }] } }),
  });
  return artifactRows({} as Client, handle as WorkflowHandle);
}

test('a kernel system shows its iteration, residual and time left', async () => {
  const stretch = 'mnist, pixels: λ = 0.0: iteration 6, residual 7.8e-9, 0 training errors, about 1 s left';
  expect(await rowsWith({ stretch })).toMatchObject([{ title: `fitting: ${stretch}`, trouble: null }]);
});

test('Theorem 1 shows its points', async () => {
  const points = { done: 50, n: 100, perSecond: 10 };
  expect(await rowsWith({ stretch: 'checking', points })).toMatchObject([
    { title: 'fitting: checking, 50 of 100 points, 10 points/s, ≤ 5 s left' },
  ]);
});
