/** Versioned workers, as on a cluster where several versions run side by side: a training stays with the code that began
 *  it, and one whose code no worker has any more is told from one that only waits. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { planRun } from '../../activities/identity/run-id.ts';
import { createReadOptions } from '../../activities/read-options.ts';
import { pollersOf, withoutWorker } from '../../worker/cli/pollers.ts';
import { readConfig, workerVersion } from '../../worker/config.ts';
import { PROFILES } from '../../workflows/profiles.ts';
import { recipe, TRUE_LABELS } from '../../workflows/recipe.ts';
import { trainNetwork } from '../../workflows/train-network.ts';
import { made } from '../activities/verdicts/synthetic.ts';

const planned = planRun(
  { name: 'procedural', sha256: '0'.repeat(64) },
  recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: TRUE_LABELS, seed: 1 }),
);
const { outcome } = made({});
const object = { key: 'k', sha256: '0'.repeat(64), bytes: 1 };
const split = { images: object, labels: object, cleanLabels: object, count: 64 };

let server: TestWorkflowEnvironment;
const workflowBundle = inject('workflowBundle');
const binary = process.env.RETHINKING_TEMPORAL;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  if (!binary) throw new Error('RETHINKING_TEMPORAL is not set: run the tests through `npm test`');
  server = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: binary } },
  });
}, 120_000);
afterAll(() => server.teardown());

const deployment = (...args: string[]) =>
  execFileSync(binary!, ['worker', 'deployment', ...args, '--address', server.address], { encoding: 'utf8' });

/** The server gathers by and by which queues a version polls, and refuses one that lacks a queue of the current one. */
async function makeCurrent(buildId: string): Promise<void> {
  for (;;) {
    try {
      deployment('set-current-version', '--deployment-name', 'rethinking', '--build-id', buildId, '--yes');
      return;
    } catch (error) {
      if (!(error instanceof Error && /missing active task queues/.test(error.message))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Workers of one version, whose trainings say which it is and wait to be let go on. */
async function startVersion(buildId: string, segment: (buildId: string) => Promise<'more' | 'done'>) {
  const activities = {
    readOptions: createReadOptions({ limits: { heartbeatSeconds: 5, segmentSeconds: 60 } }),
    findOutcome: async () => null,
    claimTraining: async () => null,
    prepareDataset: async () => ({ train: split, test: split, provenance: object }),
    trainSegment: async () => {
      const beat = setInterval(() => Context.current().heartbeat(), 500);
      const finished = (await segment(buildId)) === 'done' ? outcome : null;
      clearInterval(beat);
      return { finished, step: 1 };
    },
  };
  const versioned = workerVersion(
    readConfig({ TEMPORAL_DEPLOYMENT_NAME: 'rethinking', TEMPORAL_WORKER_BUILD_ID: buildId }),
  );
  const workers = await Promise.all(
    ['rethinking', 'rethinking-data', 'rethinking-train'].map((taskQueue) =>
      Worker.create({
        connection: server.nativeConnection,
        taskQueue,
        activities,
        ...versioned,
        ...(taskQueue === 'rethinking' && { workflowBundle }),
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  const known = async () => {
    const pollers = await Promise.all([
      pollersOf(server.client, 'rethinking', 'workflow'),
      ...['rethinking', 'rethinking-data', 'rethinking-train'].map((queue) =>
        pollersOf(server.client, queue, 'activity'),
      ),
    ]);
    return pollers.every((versions) => versions.includes(`rethinking:${buildId}`));
  };
  while (!(await known())) await new Promise((resolve) => setTimeout(resolve, 100));
  await makeCurrent(buildId);
  return {
    async stop() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
    },
  };
}

const start = () =>
  server.client.workflow.start(trainNetwork, {
    workflowId: `train-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [{ planned }],
  });

test('a training stays with the version that began it; a new one begins with today’s', async () => {
  const segments: string[] = [];
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const segment = async (buildId: string) => {
    segments.push(buildId);
    if (segments.length === 1) {
      await held;
      return 'more';
    }
    return 'done';
  };
  const one = await startVersion('one', segment);
  const old = await start();
  while (segments.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const two = await startVersion('two', segment);
  const served = await withoutWorker(server.client, old.workflowId);
  letGo();
  await old.result();
  const young = await start();
  await young.result();

  expect(served).toBeNull();
  expect(segments).toEqual(['one', 'one', 'two']);
  await Promise.all([one.stop(), two.stop()]);
}, 120_000);
