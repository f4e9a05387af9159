/** Trainers and workers that die in the middle of a training: the work goes on by itself from the newest checkpoint and
 *  ends with the bytes of an undisturbed run. The servers, and whole figures, are `suite/`'s. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Outcome, Trajectory } from '../../activities/contract.ts';
import { parseCurve } from '../../activities/drawing/running-mean.ts';
import { planRun } from '../../activities/identity/run-id.ts';
import * as keys from '../../activities/store/keys.ts';
import { shown } from '../activities/tensorboard/read-events.ts';
import { linesOf, RECORD, scrape, twoFreePorts } from '../infra/observability/exported.ts';
import { childrenOf, ended, isAlive, type Lab, listed, openLab, TRAINING } from './lab.ts';

let lab: Lab;
let undisturbed: Outcome;
/** Where it is. */
let bucket: string;

beforeAll(async () => {
  lab = await openLab();
  ({ bucket } = lab.startWorkers());
  undisturbed = await (await lab.start(TRAINING)).result();
  await lab.stopWorkers();
}, 180_000);
afterEach(async () => {
  vi.unstubAllEnvs();
  await lab.stopWorkers();
});
afterAll(() => lab.close());

/** What must not change, whatever happened on the way. */
const bytes = ({ weights, curve, evaluations, ...rest }: Outcome) => ({
  weights: weights.sha256,
  curve: curve.sha256,
  evaluations: evaluations.sha256,
  firstStepAt: rest.firstStepAt,
  steps: rest.steps,
});

type Workers = ReturnType<Lab['startWorkers']>;
type Training = Awaited<ReturnType<Lab['start']>>;

/** Runs the training, disturbs it once it has a checkpoint, and lets it end. Returns the outcome and the checkpoint
 *  from before the disturbance. */
async function disturbed(
  disturb: (workers: Workers, training: Training) => Promise<void> | void,
  settings: Record<string, string> = {},
) {
  const workers = lab.startWorkers(undefined, settings);
  const training = await lab.start(TRAINING);
  const { checkpoint } = await lab.progress(
    training.workflowId,
    (seen) => (seen.checkpoint?.step ?? 0) > 100,
  );
  await disturb(workers, training);
  return { outcome: await training.result(), checkpoint, store: workers.store };
}

test('a trainer killed between two checkpoints loses at most one checkpoint and no byte of the result; Prometheus can read it, and TensorBoard shows each step once', async () => {
  const port = await twoFreePorts();
  vi.stubEnv('RETHINKING_METRICS_ADDRESS', String(port));
  const board = join(lab.folder, 'board');
  let resumedAt = 0;
  const kill = async (workers: Workers, training: Training) => {
    const [trainer] = childrenOf(workers.pid('train')!);
    process.kill(trainer, 'SIGKILL');
    ({ resumedAt } = await lab.progress(training.workflowId, (seen) => seen.resumedAt > 0));
  };
  const { outcome, checkpoint, store } = await disturbed(kill, { RETHINKING_TENSORBOARD: board });

  expect(bytes(outcome)).toEqual(bytes(undisturbed));
  expect(resumedAt).toBeGreaterThanOrEqual(checkpoint!.step);

  const seen = [...(await scrape(port)), ...(await scrape(port + 1))];
  const sum = (metric: string, end?: string) =>
    seen
      .filter((sample) => sample.metric === metric && sample.labels.end === end)
      .reduce((all, { value }) => all + value, 0);
  expect(sum('rethinking_training_attempts_ended_total', 'TrainerDied')).toBe(1);
  expect(sum('rethinking_training_attempts_ended_total', 'finished')).toBe(1);
  expect(sum('rethinking_training_attempts_resumed_total')).toBe(1);
  // Of the first attempt's steps those are missing that it had no time to tell.
  expect(sum('rethinking_training_steps_total')).toBeGreaterThanOrEqual(TRAINING.stop.steps - resumedAt);
  await expect(linesOf(seen)).toMatchFileSnapshot(RECORD);

  const [files] = (await readdir(board, { recursive: true })).filter((name) =>
    name.includes(outcome.id.slice(0, 8)),
  );
  const { loss } = shown(join(board, files!));
  const curve = parseCurve(String(await store.get(outcome.curve)), outcome.curve.key);
  expect(loss?.map(({ step }) => step)).toEqual(Array.from(curve, (_, i) => i + 1));
  expect(loss?.map(({ value }) => value)).toEqual(Array.from(curve, Math.fround));
}, 400_000);

test('a worker killed in the middle is replaced, its trainer ends with it, and the bytes are the same', async () => {
  let orphans: number[] = [];
  const { outcome } = await disturbed(async (workers) => {
    const worker = workers.pid('train')!;
    orphans = childrenOf(worker);
    process.kill(worker, 'SIGKILL');
  });
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
  expect(orphans).not.toEqual([]);
  expect(orphans.filter(isAlive)).toEqual([]);
}, 400_000);

test('a zombie attempt that wakes up after its training was taken over ends and writes nothing', async () => {
  const first = lab.startWorkers();
  const training = await lab.start(TRAINING);
  await lab.progress(training.workflowId, ({ checkpoint }) => (checkpoint?.step ?? 0) > 100);
  const worker = first.pid('train')!;
  const [zombie] = childrenOf(worker);
  for (const pid of [worker, zombie]) process.kill(pid, 'SIGSTOP'); // as a machine that lost its network for a while
  lab.startWorkers(first.bucket);
  const outcome = await training.result();
  const written = await listed(first.store, 'trajectories/');

  for (const pid of [zombie, worker]) process.kill(pid, 'SIGCONT');
  await ended(zombie);
  const after = await listed(first.store, 'trajectories/');

  expect(bytes(outcome)).toEqual(bytes(undisturbed));
  // It may have been stopped between writing a checkpoint and naming it: that one it takes back.
  const stale = written.filter((object) => !after.some(({ key }) => key === object.key));
  expect(stale.length).toBeLessThanOrEqual(1);
  expect(stale.every(({ key }) => key.includes('/checkpoints/'))).toBe(true);
  const pointers = after.filter(({ key }) => key.endsWith('checkpoint.json'));
  const named = await Promise.all(
    pointers.map(async ({ key }) => String((await first.store.read(key))?.bytes)),
  );
  expect(named).toHaveLength(1);
  for (const { key } of stale) expect(named[0]).not.toContain(key);
  expect(after).toEqual(written.filter((object) => !stale.includes(object)));
}, 400_000);

test('a canary, trained again under a salted id beside the stored run, ends with its bytes', async () => {
  const { store } = lab.startWorkers(bucket);
  const ref = await store.head(keys.trajectory(undisturbed));
  const trajectory = Trajectory.parse(JSON.parse(String(ref && (await store.get(ref)))));
  const run = { trajectory: { ...trajectory, salt: 'tonight' }, stop: TRAINING.stop };
  const canary = await lab.start({ planned: planRun(trajectory.dataset, run) });
  await lab.progress(canary.workflowId, ({ resumedAt, step }) => resumedAt === 0 && step > 0); // really from the start
  const outcome = await canary.result();
  expect(outcome.id).not.toBe(undisturbed.id);
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
}, 400_000);
