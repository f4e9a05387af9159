/** The whole paper with a trainer that returns at once: real workflows, plans, pictures and verdicts on a real server, and
 *  as many trainings as are asked for. What is left is what the orchestration costs. */
import { readFileSync, statSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { createAwaitTraining } from '../../activities/await-training.ts';
import { createClaimTraining } from '../../activities/claim-training.ts';
import type { Activities, Outcome, PlannedRun } from '../../activities/contract.ts';
import { createDrawFigure } from '../../activities/draw-figure.ts';
import { createFindOutcome } from '../../activities/find-outcome.ts';
import { withTypedFailures } from '../../activities/index.ts';
import { createJudge } from '../../activities/judge.ts';
import { createPlanRuns } from '../../activities/plan-runs.ts';
import { createReadOptions } from '../../activities/read-options.ts';
import * as keys from '../../activities/store/keys.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { createWriteReport } from '../../activities/write-report.ts';
import { createWriteTable } from '../../activities/write-table.ts';
import { awaitResult } from '../../worker/cli/await-result.ts';
import { largePayloadsIn } from '../../worker/large-payloads.ts';
import type { Paper } from '../../workflows/paper.ts';
import { environment } from '../activities/environment.ts';
import { imagenet } from '../activities/verdicts/imagenet.ts';
import { DIGITS, row } from '../activities/verdicts/kernels.ts';
import { cifar10 } from '../activities/verdicts/synthetic.ts';

export interface Simulated {
  paper: Paper;
  trainings: number;
  seconds: number;
  /** Of one workflow of each type, the longest. */
  histories: Record<string, { workflows: number; events: number; bytes: number }>;
  /** What was too large for a history. */
  offloaded: { payloads: number; bytes: number };
  /** Most activities of one workflow that were pending at once. */
  mostPending: number;
  workerBytes: number;
  serverBytes: number;
  databaseBytes: number;
}

export async function simulate({
  address,
  input,
  onProgress = () => {},
  onDone = async () => {},
}: {
  address: string;
  input: { artifacts: string[]; profile: string; seeds: number[] };
  onProgress?: (trained: number) => void;
  /** While the workers still run. */
  onDone?: (client: Client, workflowId: string) => Promise<void>;
}): Promise<Omit<Simulated, 'serverBytes' | 'databaseBytes'>> {
  const store = createMemoryStore();
  const dataConverter = largePayloadsIn(store);
  const client = new Client({
    connection: await Connection.connect({ address, connectTimeout: '60s' }),
    dataConverter,
  });
  const deps = { store, environment, now: () => new Date('2026-01-01T00:00:00Z') };
  let trainings = 0;
  const activities = withTypedFailures({
    readOptions: createReadOptions({ limits: { heartbeatSeconds: 60, segmentSeconds: 1800 } }),
    planRuns: createPlanRuns(deps),
    findOutcome: createFindOutcome(deps),
    awaitTraining: createAwaitTraining({ client }),
    claimTraining: createClaimTraining({ store, client }),
    drawFigure: createDrawFigure(deps),
    writeTable: createWriteTable(deps),
    judge: createJudge(deps),
    writeReport: createWriteReport(deps),
    fetchDataset: async ({ name }) => (name === 'mnist' ? DIGITS : cifar10),
    indexImageNet: async () => imagenet,
    prepareDataset: async () => {
      const split = { images: REF, labels: REF, cleanLabels: REF, count: 50_000 };
      return { train: split, test: split, provenance: REF };
    },
    chooseKernel: async ({ images, of }) => {
      const features = of.kind === 'random-filters' ? of : { kind: 'pixels' as const, gamma: 0.02 };
      const chosen = { name: 'pretend', features, l2: 0, errors: 3 };
      return { id: '0', images, candidates: [chosen], chosen };
    },
    solveKernel: async ({ system, l2 }) => {
      const { solved } = row('mnist.none', Object.fromEntries(l2.map((one) => [one, 100])));
      return solved.map((one) => ({ ...one, system }));
    },
    async trainSegment({ planned }) {
      onProgress(++trainings);
      return { finished: await pretend(store, planned), step: planned.run.stop.steps };
    },
  } satisfies Partial<Activities>);

  const workers = await Promise.all(
    ['rethinking', 'rethinking-data', 'rethinking-train'].map(async (taskQueue) =>
      Worker.create({
        connection: await NativeConnection.connect({ address }),
        taskQueue,
        activities,
        dataConverter,
        maxConcurrentActivityTaskExecutions: taskQueue === 'rethinking' ? 1000 : DEVICES,
        ...(taskQueue === 'rethinking' && { workflowBundle: inject('workflowBundle') }),
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());

  const startedAt = performance.now();
  let [mostPending, workerBytes] = [0, 0];
  const workflowId = `paper-${startedAt}`;
  let done = false;
  const look = async () => {
    while (!done) {
      workerBytes = Math.max(workerBytes, process.memoryUsage().rss);
      for (const artifact of input.artifacts) {
        const seen = await client.workflow
          .getHandle(`${workflowId}-${artifact}`)
          .describe()
          .catch(() => null);
        mostPending = Math.max(mostPending, seen?.raw.pendingActivities?.length ?? 0);
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  const looking = look();
  try {
    const handle = await client.workflow.start<(input: object) => Promise<Paper>>('reproducePaper', {
      workflowId,
      taskQueue: 'rethinking',
      args: [{ dataset: 'procedural', ...input }],
    });
    const paper = await awaitResult(handle, 1000); // a server that is out of breath is no reason to end
    await onDone(client, workflowId);
    const seconds = (performance.now() - startedAt) / 1000;
    return {
      paper,
      trainings,
      seconds,
      histories: await histories(client),
      offloaded: await offloaded(store),
      mostPending,
      workerBytes,
    };
  } finally {
    done = true;
    await looking;
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
    await client.connection.close();
  }
}

// As if so many trained at once.
const DEVICES = 16;

const REF = { key: 'pretend', sha256: '0'.repeat(64), bytes: 1 };

/** A run that fitted half-way, with a curve of few points. */
async function pretend(store: Store, planned: PlannedRun): Promise<Outcome> {
  const { steps } = planned.run.stop;
  const curve = await store.putIfAbsent(keys.curve(planned), Buffer.from('step,loss\n1,2.3\n2,0.1\n'));
  const evaluations = await store.putIfAbsent(
    keys.evaluations(planned),
    Buffer.from(`step,train_correct,train_images,test_correct,test_images\n${steps},500,500,100,500\n`),
  );
  const weights = await store.putIfAbsent(keys.weights(planned), Buffer.from(planned.id));
  const half = Math.ceil(steps / 2);
  const outcome: Outcome = {
    id: planned.id,
    trajectoryId: planned.trajectoryId,
    steps,
    stopped: 'steps',
    firstStepAt: { 95: half, 98: half, 99: half, 100: steps },
    loss: { mean: 0.1, window: 1 },
    train: { correct: 50_000, images: 50_000 },
    test: { correct: 5_000, images: 10_000 },
    weights,
    curve,
    evaluations,
    checkpoint: weights,
  };
  await store.putIfAbsent(keys.outcome(planned), Buffer.from(JSON.stringify(outcome)));
  return outcome;
}

async function histories(client: Client): Promise<Simulated['histories']> {
  const longest: Simulated['histories'] = {};
  for await (const { type, historyLength, historySize } of client.workflow.list()) {
    const seen = longest[type] ?? { workflows: 0, events: 0, bytes: 0 };
    longest[type] = {
      workflows: seen.workflows + 1,
      events: Math.max(seen.events, historyLength),
      bytes: Math.max(seen.bytes, historySize ?? 0),
    };
  }
  return longest;
}

async function offloaded(store: Store): Promise<Simulated['offloaded']> {
  const sum = { payloads: 0, bytes: 0 };
  for await (const { bytes } of store.list('payloads/')) {
    sum.payloads++;
    sum.bytes += bytes;
  }
  return sum;
}

/** Most memory that a process had, on Linux. */
export const peakBytes = (pid: number) =>
  1024 * Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

export const fileBytes = (path: string) => statSync(path).size;
