/** A kernel system whose processes are killed in the middle ends with the bytes of an undisturbed one. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KernelSolution } from '../../activities/contract.ts';
import type { reproduceTable3 } from '../../workflows/table-3.ts';
import { type Lab, listed, openLab, SOON_MISSED } from './lab.ts';
import { childrenOf, ended, isAlive } from './processes.ts';

const INPUT = { profile: 'smoke', digits: 'procedural', rows: ['mnist.none'], images: 800 };
const SYSTEMS = 5; // λ of the sweep

let lab: Lab;
let workers: ReturnType<Lab['startWorkers']>;
let undisturbed: string[];

const start = () =>
  lab.client.workflow.start<typeof reproduceTable3>('reproduceTable3', {
    workflowId: `table3-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [INPUT],
  });

/** Digests of α, by λ. */
async function solutions(): Promise<string[]> {
  const { store } = workers;
  const files = (await listed(store, 'kernels/')).filter(({ key }) => key.endsWith('/solution.json'));
  const found = await Promise.all(
    files.map(async ({ key }) =>
      KernelSolution.parse(JSON.parse(String(await store.get((await store.head(key))!)))),
    ),
  );
  return found.sort((a, b) => a.l2 - b.l2).map(({ l2, alpha }) => `${l2} ${alpha.sha256}`);
}

/** Waits for the first iterate, disturbs, and lets it end. Digests of α, and how many were there when it was. */
async function disturbed(disturb: () => Promise<void> | void) {
  await workers.store.delete((await listed(workers.store, 'kernels/')).map(({ key }) => key));
  const table = await start();
  const iterate = ({ key }: { key: string }) => key.includes('/checkpoints/');
  while (!(await listed(workers.store, 'kernels/')).some(iterate)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await disturb();
  const before = (await solutions()).length;
  await table.result();
  return { after: await solutions(), before };
}

beforeAll(async () => {
  lab = await openLab();
  // An iterate is kept after every iteration, so that there is one to go on from.
  workers = lab.startWorkers(undefined, { ...SOON_MISSED, RETHINKING_CHECKPOINT_SECONDS: '0.001' });
  await (await start()).result();
  undisturbed = await solutions();
}, 300_000);
afterAll(() => lab.close());

test('a solver killed in the middle of a sweep costs nothing that was solved, and no byte of the rest', async () => {
  const { after, before } = await disturbed(() => {
    const [solver] = childrenOf(workers.pid('train')!);
    process.kill(solver!, 'SIGKILL');
  });
  expect(undisturbed).toHaveLength(SYSTEMS);
  expect(before).toBeLessThan(SYSTEMS);
  expect(after).toEqual(undisturbed);
}, 300_000);

test('a worker killed in the middle is replaced, its solver ends with it, and the bytes are the same', async () => {
  let orphans: number[] = [];
  const { after } = await disturbed(async () => {
    const worker = workers.pid('train')!;
    orphans = childrenOf(worker);
    process.kill(worker, 'SIGKILL');
    await Promise.all(orphans.map(ended));
  });
  expect(orphans).not.toEqual([]);
  expect(orphans.filter(isAlive)).toEqual([]);
  expect(after).toEqual(undisturbed);
}, 300_000);
