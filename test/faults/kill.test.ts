/** Trainers and workers that die in the middle of a training: the work goes on by itself from the newest checkpoint and
 *  ends with the bytes of an undisturbed run. The servers, and whole figures, are `suite/`'s. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { Outcome } from '../../activities/contract.ts';
import { parseCurve } from '../../activities/drawing/running-mean.ts';
import { shown } from '../activities/tensorboard/read-events.ts';
import { linesOf, RECORD, scrape, twoFreePorts } from '../infra/observability/exported.ts';
import { type Lab, listed, openLab, SOON_MISSED, training } from './lab.ts';
import { childrenOf, ended, isAlive } from './processes.ts';

/** Some seconds: it is disturbed after a checkpoint, whatever the machine. */
const STEPS = 600;

let lab: Lab;
/** Who trained what nobody disturbed, and what follows where no other settings are asked for. */
let workers: Workers;
let undisturbed: Outcome;

beforeAll(async () => {
  lab = await openLab();
  workers = lab.startWorkers(undefined, SOON_MISSED);
  undisturbed = await (await lab.start(training(STEPS))).result();
}, 180_000);
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

test('a canary, trained again under a salted id beside the stored run, ends with its bytes', async () => {
  const canary = await lab.startAgain(undisturbed, workers.store);
  await lab.checkpointOf(workers.store, canary.planned, STEPS); // it is really trained
  const outcome = await canary.result();
  expect(outcome.id).not.toBe(undisturbed.id);
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
}, 400_000);

test('a worker killed in the middle is replaced, its trainer ends with it, and the bytes are the same', async () => {
  const training = await lab.startAgain(undisturbed, workers.store);
  await lab.checkpointOf(workers.store, training.planned, STEPS);
  const worker = workers.pid('train')!;
  const orphans = childrenOf(worker);
  process.kill(worker, 'SIGKILL');
  const outcome = await training.result();
  expect(bytes(outcome)).toEqual(bytes(undisturbed));
  expect(orphans).not.toEqual([]);
  expect(orphans.filter(isAlive)).toEqual([]);
}, 400_000);

test('a zombie attempt that wakes up after its training was taken over ends and writes nothing', async () => {
  const training = await lab.startAgain(undisturbed, workers.store);
  await lab.checkpointOf(workers.store, training.planned, STEPS);
  const worker = workers.pid('train')!;
  const [zombie] = childrenOf(worker);
  const place = `trajectories/${training.planned.trajectoryId}/`;
  for (const pid of [worker, zombie]) process.kill(pid, 'SIGSTOP'); // as a machine that lost its network for a while
  lab.startWorkers(workers.bucket, SOON_MISSED);
  const outcome = await training.result();
  const written = await listed(workers.store, place);

  for (const pid of [zombie, worker]) process.kill(pid, 'SIGCONT');
  await ended(zombie);
  const after = await listed(workers.store, place);

  expect(bytes(outcome)).toEqual(bytes(undisturbed));
  // It may have been stopped between writing a checkpoint and naming it: that one it takes back.
  const stale = written.filter((object) => !after.some(({ key }) => key === object.key));
  expect(stale.length).toBeLessThanOrEqual(1);
  expect(stale.every(({ key }) => key.includes('/checkpoints/'))).toBe(true);
  const pointers = after.filter(({ key }) => key.endsWith('checkpoint.json'));
  const named = await Promise.all(
    pointers.map(async ({ key }) => String((await workers.store.read(key))?.bytes)),
  );
  expect(named).toHaveLength(1);
  for (const { key } of stale) expect(named[0]).not.toContain(key);
  expect(after).toEqual(written.filter((object) => !stale.includes(object)));
}, 400_000);

test('a trainer killed between two checkpoints loses at most one checkpoint and no byte of the result; Prometheus can read it, and TensorBoard shows each step once', async () => {
  await lab.stopWorkers();
  const port = await twoFreePorts();
  vi.stubEnv('RETHINKING_METRICS_ADDRESS', String(port));
  onTestFinished(() => void vi.unstubAllEnvs());
  const board = join(lab.folder, 'board');
  const { pid } = lab.startWorkers(workers.bucket, { RETHINKING_TENSORBOARD: board });
  const training = await lab.startAgain(undisturbed, workers.store);
  const checkpoint = await lab.checkpointOf(workers.store, training.planned, STEPS);
  const [trainer] = childrenOf(pid('train')!);
  process.kill(trainer, 'SIGKILL');
  const outcome = await training.result();
  const resumedAt = (await lab.resumedAt(outcome, workers.store))!;

  expect(bytes(outcome)).toEqual(bytes(undisturbed));
  expect(resumedAt).toBeGreaterThanOrEqual(checkpoint.step);

  const seen = [...(await scrape(port)), ...(await scrape(port + 1))];
  const sum = (metric: string, end?: string) =>
    seen
      .filter((sample) => sample.metric === metric && sample.labels.end === end)
      .reduce((all, { value }) => all + value, 0);
  expect(sum('rethinking_training_attempts_ended_total', 'TrainerDied')).toBe(1);
  expect(sum('rethinking_training_attempts_ended_total', 'finished')).toBe(1);
  expect(sum('rethinking_training_attempts_resumed_total')).toBe(1);
  // Of the first attempt's steps those are missing that it had no time to tell.
  expect(sum('rethinking_training_steps_total')).toBeGreaterThanOrEqual(STEPS - resumedAt);
  await expect(linesOf(seen)).toMatchFileSnapshot(RECORD);

  const [files] = (await readdir(board, { recursive: true })).filter((name) =>
    name.includes(outcome.id.slice(0, 8)),
  );
  const { loss } = shown(join(board, files!));
  const curve = parseCurve(String(await workers.store.get(outcome.curve)), outcome.curve.key);
  expect(loss?.map(({ step }) => step)).toEqual(Array.from(curve, (_, i) => i + 1));
  expect(loss?.map(({ value }) => value)).toEqual(Array.from(curve, Math.fround));
}, 400_000);
