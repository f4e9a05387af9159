/** Nights and their schedules on a real dev server; plans, pictures, verdicts and drift are real, trainings pretend. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Context } from '@temporalio/activity';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAwaitTrainings } from '../../activities/await-trainings.ts';
import {
  type Activities,
  DriftReport,
  Night,
  type NightlyOptions,
  type PlannedRun,
} from '../../activities/contract.ts';
import { Failure } from '../../activities/failure/failure.ts';
import { unsaltedId } from '../../activities/identity/run-id.ts';
import { createReadNight } from '../../activities/read-night.ts';
import { createReportDrift } from '../../activities/report-drift.ts';
import { createSendAlert } from '../../activities/send-alert.ts';
import type { Store } from '../../activities/store/store.ts';
import { backfillSchedule, createSchedule, listSchedules, triggerSchedule } from '../../worker/schedules.ts';
import type { NightResult } from '../../workflows/nightly.ts';
import { environment } from '../activities/environment.ts';
import { cifar10 } from '../activities/verdicts/synthetic.ts';
import { type LightWorkers, startLightWorkers } from './light-workers.ts';
import { finishRun } from './pretend-runs.ts';

/** What the pretend trainer is like at the moment. */
const trainer = {
  /** Runs that it finished, salted or not. */
  finished: [] as PlannedRun[],
  /** Added to all weights: another code. */
  version: '',
  threads: 2,
  /** Holds trainings until the test says so, all but so many. */
  held: { after: Number.POSITIVE_INFINITY, release: () => {} },
};
/** What the webhook got, and how often it is out of order before it answers. */
const hook = { bodies: [] as string[], refusals: 0 };
let datasetFails = false;

const webhook = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    if (hook.refusals-- > 0) response.statusCode = 503;
    else hook.bodies.push(body);
    response.end();
  });
});

const pretend = (store: Store): Partial<Activities> => {
  const deps = { store, environment, now: () => new Date('2026-01-01T00:00:00Z') };
  const { port } = webhook.address() as AddressInfo;
  return {
    fetchDataset: async () => {
      if (datasetFails)
        throw new Failure('DatasetUnavailable', 'No mirror answers: name your own with --data.');
      return cifar10;
    },
    awaitTraining: async ({ planned }) => {
      const context = Context.current();
      while (trainer.finished.length >= trainer.held.after) {
        context.heartbeat();
        await context.sleep(20);
      }
      trainer.finished.push(planned);
      const weights = `${unsaltedId(planned.run.trajectory)} ${trainer.version}`;
      return finishRun(store, planned, { weights, threads: trainer.threads });
    },
    awaitTrainings: (request) => createAwaitTrainings({ client: workers.server.client })(request),
    readNight: createReadNight(deps),
    reportDrift: createReportDrift(deps),
    sendAlert: createSendAlert({ store, alertUrl: `http://127.0.0.1:${port}/T0KEN` }),
    writeReport: async () => ({ folder: 'reports/pretend', html: object, provenance: object }),
  };
};
const object = { key: 'k', sha256: '0'.repeat(64), bytes: 1 };

let workers: LightWorkers;
beforeAll(async () => {
  await new Promise<void>((listening) => webhook.listen(0, '127.0.0.1', listening));
  workers = await startLightWorkers(pretend);
}, 120_000);
afterAll(async () => {
  await workers.close();
  webhook.close();
});
/** A series of its own for each test. */
let request: Partial<NightlyOptions>;
beforeEach(() => {
  request = { artifacts: ['figure-2'], seeds: [Math.floor(Math.random() * 1e6)] };
});
afterEach(() => {
  Object.assign(trainer, {
    finished: [],
    version: '',
    threads: 2,
    held: { after: Number.POSITIVE_INFINITY },
  });
  Object.assign(hook, { bodies: [], refusals: 0 });
  datasetFails = false;
});

const night = (input: object) =>
  workers.server.client.workflow.execute<(input: object) => Promise<NightResult>>('nightlyPaper', {
    workflowId: `night-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [{ ...request, ...input }],
  });

async function driftOf({ drift }: NightResult): Promise<DriftReport> {
  return DriftReport.parse(JSON.parse(String(await workers.store.get(drift.json))));
}

test('a night whose trainings are used up ends unfinished, and the next one trains only what is missing', async () => {
  trainer.held.after = 1;
  const first = await night({ budget: { trainings: 1 }, canaries: 0 });
  expect(first).toMatchObject({ state: 'unfinished', leftOut: ['figure-2'] });
  expect(trainer.finished).toHaveLength(1);

  trainer.held.after = Number.POSITIVE_INFINITY;
  const second = await night({ canaries: 0 });
  expect(second).toMatchObject({ state: 'finished', leftOut: [] });
  expect(new Set(trainer.finished.map(({ id }) => id)).size).toBe(2);
  expect(trainer.finished).toHaveLength(2);
  expect(await driftOf(second)).toMatchObject({ before: expect.any(String), differences: [] });
});

test('a night whose minutes are used up ends unfinished, not failed', async () => {
  trainer.held.after = 0;
  const ended = await night({ budget: { minutes: 0.02 } });
  expect(ended).toMatchObject({ state: 'unfinished', leftOut: ['figure-2'] });
});

test('canaries take turns by night, are trained anew, and a code that moves their bytes rings', async () => {
  await night({ canaries: 0 });
  const stored = trainer.finished.map(({ id }) => id);
  trainer.finished.length = 0;
  const quiet = await night({ canaries: 1 });
  expect(trainer.finished).toHaveLength(1);
  expect(stored).not.toContain(trainer.finished[0].id);
  expect(await driftOf(quiet)).toMatchObject({ canaries: [{ state: 'same bytes' }], differences: [] });
  expect(hook.bodies).toEqual([]);

  trainer.version = 'another momentum';
  hook.refusals = 1; // the webhook is out of order the first time
  const moved = await night({ canaries: 1 });
  expect(moved).toMatchObject({ state: 'finished', drift: { alert: true, differences: 1 } });
  expect(hook.bodies).toHaveLength(1);
  expect(DriftReport.parse(JSON.parse(hook.bodies[0]))).toMatchObject({
    canaries: [{ state: 'moved' }],
    differences: [{ of: 'canary', alert: true, reason: expect.stringContaining('computes something else') }],
  });
});

test('other threads are told and do not ring where the numbers stay', async () => {
  await night({ canaries: 0 });
  await night({ canaries: 1 });
  Object.assign(trainer, { threads: 1, version: 'in another order' });
  const result = await night({ canaries: 1 });
  expect(await driftOf(result)).toMatchObject({
    canaries: [{ state: 'within spread' }],
    differences: [{ of: 'version', what: 'threads', before: '2', now: '1', alert: false }],
    alert: false,
  });
});

test('a canary that its share of the night cuts short goes on under the same id the next night', async () => {
  await night({ canaries: 0 });
  trainer.held.after = trainer.finished.length;
  const cut = await night({ canaries: 1, budget: { minutes: 0.04 } });
  expect(await driftOf(cut)).toMatchObject({ canaries: [{ state: 'unfinished' }] });
  trainer.held.after = Number.POSITIVE_INFINITY;
  const after = await night({ canaries: 1 });
  expect(await driftOf(after)).toMatchObject({ canaries: [{ state: 'same bytes' }] });
  const record = await workers.store.head(`${cut.drift.folder}/night.json`);
  const { unfinished } = Night.parse(JSON.parse(String(record && (await workers.store.get(record)))));
  expect(trainer.finished.at(-1)).toEqual(unfinished[0].planned);
});

const until = async (reached: () => Promise<boolean>) => {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 100));
};
const stateOf = async (id: string) => {
  const state = (await listSchedules(workers.server.client)).find((one) => one.id === id);
  if (!state) throw new Error(`${id} is not listed`);
  return state;
};
const scheduled = async () => {
  const id = `nightly-${randomUUID()}`;
  const timing = { at: '02:30', timeZone: 'Europe/Zurich' };
  const input = { ...request, canaries: 0 };
  await createSchedule(workers.server.client.schedule, { id, workflow: 'nightlyPaper', input, timing });
  await until(async () => (await listSchedules(workers.server.client)).some((one) => one.id === id));
  return id;
};

test('a scheduled night that still runs is not started a second time, and the list says so', async () => {
  const id = await scheduled();
  trainer.held.after = 0;
  await triggerSchedule(workers.server.client.schedule, id);
  await until(async () => (await stateOf(id)).last?.status === 'running');
  await triggerSchedule(workers.server.client.schedule, id);
  await until(async () => (await stateOf(id)).skipped === 1);
  expect(await stateOf(id)).toMatchObject({ taken: 1, paused: false, next: expect.any(Date) });
  trainer.held.after = Number.POSITIVE_INFINITY;
  await until(async () => (await stateOf(id)).last?.status === 'completed');
});

test('a night without one of its artifacts fails after its report, and pauses its schedule with the reason', async () => {
  const id = await scheduled();
  datasetFails = true;
  await triggerSchedule(workers.server.client.schedule, id);
  await until(async () => (await stateOf(id)).paused);
  expect(await stateOf(id)).toMatchObject({
    next: null,
    note: expect.stringContaining('failure'),
    last: {
      status: 'failed',
      reason: 'The night ended without figure-2: No mirror answers: name your own with --data.',
    },
  });
});

test('nights that are made up for run one after another, and each counts as the one it is', async () => {
  const id = await scheduled();
  await backfillSchedule(workers.server.client.schedule, id, {
    from: new Date('2026-01-10T00:00:00Z'),
    to: new Date('2026-01-12T00:00:00Z'),
  });
  await until(async () => {
    const { taken, last } = await stateOf(id);
    return taken === 2 && last?.status === 'completed';
  });
  const nights: string[] = [];
  for await (const { workflowId } of workers.server.client.workflow.list({
    query: `WorkflowId STARTS_WITH '${id}-2026'`,
  })) {
    if (workflowId.includes('paper')) continue;
    nights.push((await driftOf(await workers.server.client.workflow.getHandle(workflowId).result())).night);
  }
  expect(nights.sort()).toEqual(['2026-01-10T01:30:00.000Z', '2026-01-11T01:30:00.000Z']); // 02:30 in Zürich
});
