/** A linear model's descent keeps its iterate: what is killed goes on from there, to the same bytes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { verifyImplicitRegularization } from '../../workflows/implicit-regularization.ts';
import { type Lab, listed, openLab, SOON_MISSED } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
}, 180_000);
afterAll(() => lab.close());

type Workers = ReturnType<Lab['startWorkers']>;

const INPUT = { profile: 'smoke', dataset: 'procedural', points: 100 }; // ten thousand steps in some seconds

const start = (workflowId: string) =>
  lab.client.workflow.start<typeof verifyImplicitRegularization>('verifyImplicitRegularization', {
    workflowId,
    taskQueue: 'rethinking',
    args: [INPUT],
  });

/** SHA-256 by file name; provenance has times. */
async function digestsIn({ store }: Workers): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const { key } of await listed(store, 'linear/descent/')) {
    const found = await store.head(key);
    if (found && !/ro-crate|latest$/.test(key)) digests.set(key, found.sha256);
  }
  return digests;
}

async function until<T>(seen: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await seen();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const keptEpoch = async ({ store }: Workers): Promise<number | null> => {
  const found = await listed(store, 'linear/descent/').catch(() => []); // no bucket yet
  const epochs = found.flatMap(({ key }) => /iterates\/(\d+)\.json$/.exec(key)?.[1] ?? []);
  return epochs.length > 0 ? Math.max(...epochs.map(Number)) : null;
};

test('its worker killed in the middle of SGD, another goes on from the kept iterate to the same weights and numbers', async () => {
  const calm = lab.startWorkers();
  await (await start(`implicit-${randomUUID()}`)).result();
  const expected = await digestsIn(calm);
  await lab.stopWorkers();

  const workers = lab.startWorkers(undefined, SOON_MISSED);
  const handle = await start(`implicit-${randomUUID()}`);
  const epoch = await until(() => keptEpoch(workers));
  process.kill(workers.pid('train')!, 'SIGKILL');
  expect((await listed(workers.store, 'linear/')).filter(({ key }) => key.endsWith('descent.json'))).toEqual(
    [],
  );

  const { verdicts } = await handle.result();
  expect(epoch).toBeGreaterThan(0);
  expect(verdicts.find(({ claim }) => claim.endsWith('least-norm'))?.agrees).toBe(true);
  expect(await digestsIn(workers)).toEqual(expected);
}, 600_000);
