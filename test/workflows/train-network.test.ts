/** The workflow on a real dev server, with pretend activities: what it asks for, and what it does when it is held,
 *  joined, left and cancelled. */
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createAwaitTraining, trainingWorkflowId } from '../../activities/await-training.ts';
import { createClaimTraining } from '../../activities/claim-training.ts';
import type { Activities, Outcome } from '../../activities/contract.ts';
import { planRun } from '../../activities/identity/run-id.ts';
import { withTypedFailures } from '../../activities/index.ts';
import { createReadOptions } from '../../activities/read-options.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import { PROFILES } from '../../workflows/profiles.ts';
import { recipe, TRUE_LABELS } from '../../workflows/recipe.ts';
import {
  joinSignal,
  leaveSignal,
  pauseUpdate,
  resumeUpdate,
  trainingQuery,
  trainNetwork,
} from '../../workflows/train-network.ts';
import { rootOf } from '../faults/lab.ts';

const sha256 = '0'.repeat(64);
const object = { key: 'k', sha256, bytes: 1 };
const planned = planRun(
  { name: 'procedural', sha256 },
  recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: TRUE_LABELS, seed: 1 }),
);
const outcome: Outcome = {
  id: planned.id,
  trajectoryId: planned.trajectoryId,
  steps: 60,
  stopped: 'steps',
  firstStepAt: { 95: 10, 98: 20, 99: 30, 100: null },
  loss: { mean: 0.1, window: 10 },
  train: { correct: 64, images: 64 },
  test: { correct: 10, images: 64 },
  weights: object,
  curve: object,
  evaluations: object,
  checkpoint: object,
};
const split = { images: object, labels: object, cleanLabels: object, count: 64 };

let server: TestWorkflowEnvironment;
const workflowBundle = inject('workflowBundle');

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const path = process.env.RETHINKING_TEMPORAL;
  if (!path) throw new Error('RETHINKING_TEMPORAL is not set: run the tests through `npm test`');
  server = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
}, 120_000);
afterAll(() => server.teardown());

/** A trainer that takes a step every few milliseconds, ends a segment after `segmentSteps` and remembers where it was. Its
 *  first segment comes no further than `stays`. */
function pretendTraining({ segmentSteps, stays = Infinity }: { segmentSteps: number; stays?: number }) {
  const state = { step: 0, segments: 0, cancelled: 0 };
  const trainSegment: Activities['trainSegment'] = async () => {
    const context = Context.current();
    state.segments++;
    for (let taken = 0; taken < segmentSteps && state.step < 60; taken++) {
      if (context.cancellationSignal.aborted) {
        state.cancelled++;
        return { finished: null, step: state.step };
      }
      if (state.segments > 1 || state.step < stays) state.step++;
      context.heartbeat(state.step);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { finished: state.step === 60 ? outcome : null, step: state.step };
  };
  return { state, trainSegment };
}

async function withWorkers<T>(
  trainSegment: Activities['trainSegment'],
  work: () => Promise<T>,
  found: Outcome | null = null,
): Promise<T> {
  const { client } = server;
  const activities = withTypedFailures({
    awaitTraining: createAwaitTraining({ client }),
    claimTraining: createClaimTraining({ client, store: createMemoryStore() }),
    readOptions: createReadOptions({ limits: { heartbeatSeconds: 2, segmentSeconds: 60 } }),
    planRuns: async () => [{ planned, outcome: null }],
    findOutcome: async () => found,
    fetchDataset: async () => ({ id: planned.run.trajectory.dataset }),
    prepareDataset: async () => ({ train: split, test: split, provenance: object }),
    trainSegment,
  });
  const workers = await Promise.all(
    ['rethinking', 'rethinking-data', 'rethinking-train'].map((taskQueue) =>
      Worker.create({
        connection: server.nativeConnection,
        taskQueue,
        activities,
        ...(taskQueue === 'rethinking' ? { workflowBundle } : {}),
        maxHeartbeatThrottleInterval: 50,
        defaultHeartbeatThrottleInterval: 50,
      }),
    ),
  );
  const [first, second, third] = workers;
  return first.runUntil(second.runUntil(third.runUntil(work)));
}

const start = (input?: unknown, workflowId = `train-${randomUUID()}`) =>
  server.client.workflow.start(trainNetwork, {
    workflowId,
    taskQueue: 'rethinking',
    args: input === undefined ? [] : [input],
  });

const POLL = { timeout: 60_000, interval: 20 };

const until = async (reached: () => boolean) => {
  while (!reached()) await new Promise((resolve) => setTimeout(resolve, 10));
};

test('a training goes on segment after segment to its outcome', async () => {
  const { state, trainSegment } = pretendTraining({ segmentSteps: 25 });
  const result = await withWorkers(trainSegment, async () => (await start({ planned })).result());
  expect(result).toEqual(outcome);
  expect(state.segments).toBe(3); // 25 + 25 + 10
});

test('a run that is in the store is not trained again', async () => {
  const { state, trainSegment } = pretendTraining({ segmentSteps: 25 });
  const result = await withWorkers(trainSegment, async () => (await start({ planned })).result(), outcome);
  expect(result).toEqual(outcome);
  expect(state.segments).toBe(0);
});

test('without any input the paper’s recipe at quick scale is planned', async () => {
  const { trainSegment } = pretendTraining({ segmentSteps: 100 });
  const result = await withWorkers(trainSegment, async () => (await start()).result());
  expect(result).toEqual(outcome);
});

test('a pause ends the segment at its step, and resume goes on from there', async () => {
  const { state, trainSegment } = pretendTraining({ segmentSteps: 100 });
  await withWorkers(trainSegment, async () => {
    const training = await start({ planned });
    await until(() => state.step >= 5);
    const { step } = await training.executeUpdate(pauseUpdate);
    expect(step).toBe(state.step);
    expect((await training.query('progress')) as unknown).toMatchObject({ phase: 'paused', step });
    await training.executeUpdate(resumeUpdate);
    await training.result();
  });
  expect(state).toMatchObject({ segments: 2, cancelled: 1, step: 60 });
});

test('a training goes on while one of two figures still waits, and ends when the last has left', async () => {
  const { state, trainSegment } = pretendTraining({ segmentSteps: 100 });
  await withWorkers(trainSegment, async () => {
    const training = await start({ planned });
    await training.signal(joinSignal, 'figure-one');
    await training.signal(joinSignal, 'figure-two');
    await until(() => state.step >= 3);
    await training.signal(leaveSignal, 'figure-one');
    const then = state.step;
    await until(() => state.step >= then + 5);
    await training.signal(leaveSignal, 'figure-two');
    const failure = await training.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(rootOf(failure)).toMatchObject({ type: 'TrainingAbandoned', nonRetryable: true });
  });
  expect(state.step).toBeLessThan(60);
});

test('a training that a person started alone is not abandoned by nobody', async () => {
  const { trainSegment } = pretendTraining({ segmentSteps: 100 });
  await withWorkers(trainSegment, async () => {
    const training = await start({ planned });
    await training.signal(leaveSignal, 'someone who never joined');
    expect(await training.result()).toEqual(outcome);
  });
});

test('of one run started by hand several times the first trains, and the others end with its outcome', async () => {
  const { state, trainSegment } = pretendTraining({ segmentSteps: 25 });
  const outcomes = await withWorkers(trainSegment, async () => {
    const first = await start({ planned });
    await until(() => state.step >= 5);
    // Also the one that figures would join.
    const others = await Promise.all([
      start({ planned }),
      start({ planned }, trainingWorkflowId(planned.id)),
    ]);
    return Promise.all([first, ...others].map((training) => training.result()));
  });
  expect(outcomes).toEqual([outcome, outcome, outcome]);
  expect(state).toMatchObject({ segments: 3, cancelled: 0, step: 60 }); // 25 + 25 + 10, once
});

const ENDS = [
  ['cancels', (first: Started) => first.cancel()],
  [
    'joins and leaves',
    (first: Started) => first.signal(joinSignal, 'me').then(() => first.signal(leaveSignal, 'me')),
  ],
] as const;
type Started = Awaited<ReturnType<typeof start>>;

test.each(ENDS)(
  'whoever waits for the first takes over when a person %s that, and pauses and resumes like any',
  async (_, end) => {
    const { state, trainSegment } = pretendTraining({ segmentSteps: Infinity, stays: 10 });
    await withWorkers(trainSegment, async () => {
      const first = await start({ planned });
      await until(() => state.step >= 5);
      const second = await start({ planned });
      const { workflowId } = first;
      await expect.poll(() => second.query(trainingQuery), POLL).toMatchObject({ trainedBy: workflowId });
      await second.executeUpdate(pauseUpdate);
      await second.executeUpdate(resumeUpdate);
      expect(state.cancelled).toBe(0);
      await end(first);
      expect(await second.result()).toEqual(outcome);
    });
    expect(state).toMatchObject({ segments: 2, cancelled: 1, step: 60 });
  },
);

test('a cancelled training lets its segment checkpoint and ends as cancelled', async () => {
  const { state, trainSegment } = pretendTraining({ segmentSteps: 100 });
  await withWorkers(trainSegment, async () => {
    const training = await start({ planned });
    await until(() => state.step >= 5);
    await training.cancel();
    const failure = await training.result().catch((error: unknown) => error);
    expect((failure as Error).cause).toBeInstanceOf(CancelledFailure);
  });
  expect(state).toMatchObject({ segments: 1, cancelled: 1 });
});

test('input that cannot be meant fails the workflow at once and for good', async () => {
  const { trainSegment } = pretendTraining({ segmentSteps: 100 });
  await withWorkers(trainSegment, async () => {
    const failure = await (await start({ model: 'mlp', corruption: { labels: 1.5 } }))
      .result()
      .catch((error) => error);
    expect(rootOf(failure)).toMatchObject({
      type: 'InvalidInput',
      message:
        'trainNetwork cannot run with this input: model "mlp" is none of inception, inception-without-batch-norm, ' +
        'alexnet, mlp-3x512, mlp-1x512; corruption.labels 1.5 is above 1.',
    });
  });
});
