/** A night whose worker is killed in the middle: the budget, the canaries and the paper are the server's to remember. The
 *  light worker is a real process; trainings are pretend, of a second each. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Activities, DriftReport } from '../../activities/contract.ts';
import { unsaltedId } from '../../activities/identity/run-id.ts';
import type { Store } from '../../activities/store/store.ts';
import type { NightResult } from '../../workflows/nightly.ts';
import { cifar10 } from '../activities/verdicts/synthetic.ts';
import { finishRun } from '../workflows/pretend-runs.ts';
import { type Lab, openLab } from './lab.ts';
import { ended } from './processes.ts';

const STEPS = 20;

let lab: Lab;
let store: Store;
const bucket = `bucket-${randomUUID()}`;
/** Steps of each run: what a real trainer finds in its checkpoints. */
const steps = new Map<string, number>();
let finished = 0;
/** Trainings that may end; the next one dawdles in the middle, as one of hours would. */
let mayEnd = 1;
let stopTrainers: () => Promise<void>;

beforeAll(async () => {
  lab = await openLab();
  store = lab.storeOf(bucket);
  await store.probe();
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address: lab.stack.temporal.address });
  const trainSegment: Activities['trainSegment'] = async ({ planned }) => {
    const context = Context.current();
    for (;;) {
      const dawdles = finished >= mayEnd && (steps.get(planned.id) ?? 0) >= STEPS / 2;
      const step = (steps.get(planned.id) ?? 0) + (dawdles ? 0 : 1);
      steps.set(planned.id, step);
      context.heartbeat(step);
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (context.cancellationSignal.aborted) {
        if (context.cancellationDetails?.cancelRequested) return { finished: null, step };
        throw new CancelledFailure('the worker stops');
      }
      if (step < STEPS) continue;
      finished++;
      const weights = unsaltedId(planned.run.trajectory);
      return { finished: await finishRun(store, planned, { weights }), step };
    }
  };
  const split = { ...cifar10.train, cleanLabels: cifar10.train.labels };
  const pretend: Partial<Activities> = {
    fetchDataset: async () => cifar10,
    prepareDataset: async () => ({ train: split, test: split, provenance: cifar10.provenance }),
    trainSegment,
  };
  const workers = await Promise.all(
    ['rethinking-data', 'rethinking-train'].map((taskQueue) =>
      Worker.create({
        connection,
        taskQueue,
        activities: pretend,
        maxConcurrentActivityTaskExecutions: 1,
        maxHeartbeatThrottleInterval: 50,
        defaultHeartbeatThrottleInterval: 50,
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  stopTrainers = async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
    await connection.close();
  };
}, 120_000);
afterAll(async () => {
  await stopTrainers();
  await lab.close();
});

const startNight = (input: object) =>
  lab.client.workflow.start<(input: object) => Promise<NightResult>>('nightlyPaper', {
    workflowId: `night-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [{ artifacts: ['figure-2'], canaries: 1, ...input }],
  });

const until = async (reached: () => boolean) => {
  while (!reached()) await new Promise((resolve) => setTimeout(resolve, 20));
};
const kill = async (worker: ChildProcess) => {
  worker.kill('SIGKILL');
  await ended(worker.pid ?? 0);
};

/** As a person types it, while this process trains. */
function command(...args: string[]) {
  const main = new URL('../../dist/worker/cli/main.js', import.meta.url).pathname;
  const env = { ...process.env, ...lab.variables, RETHINKING_BUCKET: bucket };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  return { said: () => said, end: once(child, 'close') };
}

test('a night whose worker is killed stops at its budget; the next one, killed too and watched, goes on and finds the same bytes', async () => {
  const one = lab.lightWorker(bucket);
  const first = await startNight({ budget: { trainings: 1 } });
  await until(() => steps.size === 1);
  await kill(one);
  const two = lab.lightWorker(bucket);
  expect(await first.result()).toMatchObject({ state: 'unfinished', leftOut: ['figure-2'] });
  expect(finished).toBe(1);
  const left = [...steps.values()].reduce((sum, count) => sum + count, 0);

  const second = await startNight({});
  await until(() => [...steps.values()].reduce((sum, count) => sum + count, 0) > left + 3); // in the canary
  await kill(two);
  const three = lab.lightWorker(bucket);
  const watching = command('watch', '--json', '--out', join(lab.folder, 'watched'));
  await until(() => /"title":" {2}inception[^}]*"state":"waiting"/.test(watching.said()));
  const status = command('status');
  await status.end;
  mayEnd = Number.POSITIVE_INFINITY;
  const { state, drift } = await second.result();
  await watching.end;
  expect(status.said()).toContain(`${second.workflowId}: night: canaries, 0 of 1 canaries trained`);
  expect(watching.said()).toMatch(/"title":"canaries","state":"done".*"title":"paper","state":"done"/);
  expect(JSON.parse(watching.said().trim().split('\n').at(-1)!)).toMatchObject({ result: { state, drift } });
  expect(await readdir(join(lab.folder, 'watched'))).toEqual(['drift.md', 'report.html']);
  expect(state).toBe('finished');
  // Two runs of the figure and one canary, each of them once.
  expect(finished).toBe(3);
  expect([...steps.values()]).toEqual([STEPS, STEPS, STEPS]);
  expect(DriftReport.parse(JSON.parse(String(await store.get(drift.json))))).toMatchObject({
    before: expect.any(String),
    canaries: [{ state: 'same bytes' }],
    differences: [],
  });
  await kill(three);
}, 240_000);
