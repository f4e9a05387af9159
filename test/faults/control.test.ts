/** Trainings that are held, handed over and moved, by our command line and by Temporal's own: each goes on from its
 *  checkpoint, on whatever worker, to the bytes of one that nobody touched. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outcome } from '../../activities/contract.ts';
import { CheckpointChain, CLAIMS_WITHOUT_PROGRESS } from '../../activities/store/checkpoint-chain.ts';
import type { reproduceFigure1 } from '../../workflows/figure-1.ts';
import { pauseArtifactUpdate } from '../../workflows/hold.ts';
import { progressQuery } from '../../workflows/train-grid.ts';
import { pauseUpdate, trainingQuery } from '../../workflows/train-network.ts';
import { type Lab, openLab, rootOf, training } from './lab.ts';
import { childrenOf, ended } from './processes.ts';

/** Of a training during which commands are typed. */
const STEPS = 1200;

/** Settings under which the only checkpoints are those that are asked for. */
const NEVER = { RETHINKING_CHECKPOINT_SECONDS: '3600' };

let lab: Lab;
/** Who trained what nobody disturbed, and what follows; after a test that stopped them, those that took over. */
let workers: Workers;
/** Those of another queue, once a training has been moved to it. */
let elsewhere: Workers | undefined;
let undisturbed: Outcome;

type Workers = ReturnType<Lab['startWorkers']>;

beforeAll(async () => {
  lab = await openLab();
  workers = lab.startWorkers(undefined, NEVER);
  undisturbed = await (await lab.start(training(STEPS))).result();
}, 400_000);
afterAll(() => lab.close());

function workersElsewhere(): Workers {
  elsewhere ??= lab.startWorkers(workers.bucket, { ...NEVER, RETHINKING_TRAIN_QUEUE: 'elsewhere' });
  return elsewhere;
}

const bytes = ({ weights, curve, evaluations }: Outcome) =>
  [weights, curve, evaluations].map(({ sha256 }) => sha256);

async function started() {
  const training = await lab.startAgain(undisturbed, workers.store);
  const seen = await lab.progress(training.workflowId, ({ step }) => step > 100);
  return { training, id: training.workflowId, seen };
}

const until = async (reached: () => boolean | Promise<boolean>) => {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 50));
};

test('pause answers with the step of the checkpoint, status says by what, and resume goes on from it', async () => {
  const { training, id } = await started();
  const { step } = await training.executeUpdate(pauseUpdate);
  const status = lab.command(workers.bucket, 'status');
  const again = lab.command(workers.bucket, 'pause', id);
  const trainers = childrenOf(workers.pid('train')!);

  const resumed = lab.command(workers.bucket, 'resume', id);
  const outcome = await training.result();
  const resumedAt = await lab.resumedAt(outcome, workers.store);
  const late = lab.command(workers.bucket, 'pause', id);

  expect(step).toBeGreaterThan(100);
  expect(status.said).toMatch(
    new RegExp(
      `^running +${id} mlp-1x512, .*: paused by npm run pause, at step ${step} of 1200; npm run resume`,
      'm',
    ),
  );
  expect(again).toEqual({
    status: 2,
    said: `${id} is paused already, at step ${step}: \`npm run resume -- ${id}\` goes on.`,
  });
  expect(trainers).toEqual([]);
  expect(resumed.said).toBe(`Goes on from step ${step}.`);
  expect(resumedAt).toBe(step);
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
  expect(late).toEqual({
    status: 2,
    said: `${id} is over (completed): only what runs can be held, moved or cancelled.`,
  });
}, 400_000);

test('temporal activity pause checkpoints, makes no event, shows in status, and npm run resume goes on', async () => {
  const { training, id } = await started();
  const activity = ['--workflow-id', id, '--activity-type', 'trainSegment'];
  lab.temporal('activity', 'pause', ...activity);
  await until(() => childrenOf(workers.pid('train')!).length === 0);
  const status = lab.command(workers.bucket, 'status');
  const { phase } = await training.query(trainingQuery);

  const resumed = lab.command(workers.bucket, 'resume', id);
  const outcome = await training.result();
  const resumedAt = await lab.resumedAt(outcome, workers.store);

  expect(resumed.said).toBe('Goes on from its checkpoint.');
  expect(status.said).toMatch(/: paused at step \d+ of 1200 by temporal activity pause \(\S+@\S+\)/);
  expect(phase).toBe('training'); // all that the workflow can know
  expect(resumedAt).toBeGreaterThan(100);
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
}, 400_000);

test('temporal activity reset begins attempt 1 anew, and loses no step', async () => {
  const { training, id } = await started();
  const [trainer] = childrenOf(workers.pid('train')!);
  lab.temporal('activity', 'reset', '--workflow-id', id, '--activity-type', 'trainSegment');
  await ended(trainer);
  const outcome = await training.result();
  const resumedAt = await lab.resumedAt(outcome, workers.store);
  expect(resumedAt).toBeGreaterThan(100);
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
}, 400_000);

test('SIGTERM makes a worker checkpoint and leave; another goes on from that very step', async () => {
  const { training, seen } = await started();
  await workers.stop(); // SIGTERM, then it waits
  workers = lab.startWorkers(workers.bucket, NEVER);
  const outcome = await training.result();
  const resumedAt = await lab.resumedAt(outcome, workers.store);
  expect(resumedAt).toBeGreaterThanOrEqual(seen.step);
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
}, 400_000);

test('a paused training moves to the workers of another queue, and ends with the same bytes', async () => {
  const { training, id } = await started();
  await training.executeUpdate(pauseUpdate);
  const moved = lab.command(workers.bucket, 'move', id, 'elsewhere');
  const again = lab.command(workers.bucket, 'move', id, 'elsewhere');
  lab.command(workers.bucket, 'resume', id);
  const paused = lab.command(workers.bucket, 'pause', id); // it waits for a worker
  lab.command(workers.bucket, 'resume', id);
  const there = workersElsewhere();
  const { resumedAt } = await lab.progress(id, (seen) => seen.resumedAt > 0);
  const trainers = [workers, there].map((pair) => childrenOf(pair.pid('train')!).length);
  const outcome = await training.result();

  const step = Number(/^Moved to elsewhere at step (\d+); it waits for a worker: /.exec(moved.said)?.[1]);
  expect(again).toEqual({ status: 2, said: `${id} is on elsewhere already.` });
  expect(paused.said).toBe(`Paused at step ${step}; \`npm run resume -- ${id}\` goes on.`);
  expect(resumedAt).toBe(step);
  expect(trainers).toEqual([0, 1]);
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
}, 400_000);

test('a training that waits for a worker is moved by temporal activity update-options too, and unpause goes on', async () => {
  const { training, id } = await started();
  const activity = ['--workflow-id', id, '--activity-type', 'trainSegment'];
  lab.temporal('activity', 'pause', ...activity);
  await until(() => childrenOf(workers.pid('train')!).length === 0);
  const [pending] = (await training.describe()).raw.pendingActivities ?? [];
  const which = ['--workflow-id', id, '--activity-id', String(pending?.activityId)];
  lab.temporal('activity', 'update-options', ...which, '--task-queue', 'elsewhere');
  lab.temporal('activity', 'unpause', ...activity);
  workersElsewhere();
  const outcome = await training.result();
  expect(await lab.resumedAt(outcome, workers.store)).toBeGreaterThan(100);
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
}, 400_000);

test('attempts that die without a next checkpoint end for good, in one sentence', async () => {
  const { training, id } = await started();
  const { runId } = await training.query(trainingQuery);
  const pointer = { id: runId!, trajectoryId: training.planned.trajectoryId };
  const [trainer] = childrenOf(workers.pid('train')!);
  // As many attempts as may die, less the one that is killed here: each waits longer for the next.
  for (let claims = 2; claims <= CLAIMS_WITHOUT_PROGRESS; claims++)
    await CheckpointChain.claim(workers.store, pointer as never, `attempt ${claims}`);
  process.kill(trainer, 'SIGKILL'); // as the kernel does when memory runs out
  const failure = await training.result().catch((error: unknown) => rootOf(error));
  expect(failure).toMatchObject({
    type: 'NoProgress',
    nonRetryable: true,
    message: `Run ${runId} was started ${CLAIMS_WITHOUT_PROGRESS} times without reaching a next checkpoint after step 0: look at the worker's log (memory?), then start it again.`,
  });
  const { status } = await lab.client.workflow.getHandle(id).describe();
  expect(status.name).toBe('FAILED');
}, 400_000);

test('a paused figure holds what nobody else needs, leaves the rest alone, and goes on to its end', async () => {
  const { bucket } = workers;
  const input = {
    profile: 'smoke',
    dataset: 'procedural',
    models: ['mlp-1x512'],
    panels: ['a'],
    regularization: { weightDecay: 1e-9 }, // runs of its own
  };
  const start = (workflowId: string, conditions: string[]) =>
    lab.client.workflow.start<typeof reproduceFigure1>('reproduceFigure1', {
      workflowId,
      taskQueue: 'rethinking',
      args: [{ ...input, conditions }],
    });
  const figure = await start('figure1-held', ['random-labels', 'true-labels', 'gaussian']);
  await until(async () => (await figure.query(progressQuery)).phase === 'training');
  await figure.executeUpdate(pauseArtifactUpdate);
  const held = await figure.query(progressQuery);
  const again = lab.command(bucket, 'pause', 'figure1-held');
  const status = lab.command(bucket, 'status');
  await until(async () => {
    const { count } = await lab.client.workflow.count(
      `WorkflowType = 'trainNetwork' AND ExecutionStatus = 'Running'`,
    );
    return count === 0;
  });
  lab.command(bucket, 'resume', 'figure1-held');
  const result = await figure.result();

  expect(held).toMatchObject({ paused: true, phase: 'training' });
  expect(again).toEqual({
    status: 2,
    said: 'figure1-held is paused already: `npm run resume -- figure1-held` goes on.',
  });
  expect(status.said).toContain('figure1-held: paused; `npm run resume -- figure1-held` goes on');
  expect(result.runs.map(({ outcome }) => outcome !== null)).toEqual([true, true, true]);
}, 400_000);
