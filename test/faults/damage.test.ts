/** What lies in the store may rot, and a training may diverge: each is noticed, named, and cured or told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outcome } from '../../activities/contract.ts';
import { planRun } from '../../activities/identity/run-id.ts';
import { PROFILES } from '../../workflows/profiles.ts';
import { recipe, TRUE_LABELS } from '../../workflows/recipe.ts';
import { type Lab, listed, openLab, rootOf, SOON_MISSED, training } from './lab.ts';
import { childrenOf, ended } from './processes.ts';

/** Some seconds: it is disturbed after a checkpoint, whatever the machine. */
const STEPS = 600;

let lab: Lab;
/** Who trained what nobody disturbed, and all that follows. */
let workers: ReturnType<Lab['startWorkers']>;
let undisturbed: Outcome;

beforeAll(async () => {
  lab = await openLab();
  workers = lab.startWorkers(undefined, SOON_MISSED);
  undisturbed = await (await lab.start(training(STEPS))).result();
}, 180_000);
afterAll(() => lab.close());

test('damaged images are set aside and made again', async () => {
  const images = await lab.damage(
    workers.bucket,
    (key) => key.endsWith('train-images.npy') && key.includes('/prepared/'),
  );
  const outcome = await (await lab.startAgain({ ...undisturbed, steps: 20 }, workers.store)).result();
  expect(outcome.steps).toBe(20);
  expect((await listed(workers.store, 'damaged/')).map(({ key }) => key)).toEqual([`damaged/${images}`]);
}, 400_000);

test('a damaged newest checkpoint is set aside, and the one before goes on to the same weights', async () => {
  const training = await lab.startAgain(undisturbed, workers.store);
  await lab.checkpointOf(workers.store, training.planned, STEPS);
  const worker = workers.pid('train')!;
  const [trainer] = childrenOf(worker);
  process.kill(worker, 'SIGKILL');
  await ended(trainer);
  // The one the pointer names: a trainer that was killed in the middle of a commit leaves a newer object behind.
  const { key: newest } = await lab.checkpointOf(workers.store, training.planned, STEPS);
  await lab.damage(workers.bucket, (key) => key === newest);
  const outcome = await training.result();
  const aside = await listed(workers.store, 'damaged/trajectories/');
  expect(outcome.weights.sha256).toBe(undisturbed.weights.sha256);
  expect(aside.map(({ key }) => key)).toEqual([`damaged/${newest}`]);
}, 400_000);

test('a stored run whose weights are damaged is trained again, to the same bytes', async () => {
  const { bucket, store } = workers;
  const short = training(20, 2);
  const before = await (await lab.start(short)).result();
  const weights = await lab.damage(bucket, (key) => key === before.weights.key);
  const after = await (await lab.start(short)).result();
  expect(after.weights).toEqual(before.weights);
  await expect(store.get(after.weights)).resolves.toHaveLength(before.weights.bytes);
  expect((await listed(store, 'damaged/')).map(({ key }) => key)).toContain(`damaged/${weights}`);
}, 400_000);

test('a longer run goes on from the checkpoint of a shorter one, to the weights of one that never stopped', async () => {
  const at = (steps: number) => training(steps, 3);
  await (await lab.start(at(100))).result();
  const continued = await (await lab.start(at(150))).result();
  const whole = await (await lab.startAgain(continued, workers.store)).result();
  expect(continued.weights.sha256).toBe(whole.weights.sha256);
  expect(continued.curve.sha256).toBe(whole.curve.sha256);
}, 400_000);

test('a training that diverges fails for good with step and learning rate, and keeps its curve', async () => {
  const { store } = workers;
  const { dataset } = await lab.trajectoryOf(undisturbed, store);
  const run = recipe(PROFILES.smoke, { model: 'mlp-1x512', corruption: TRUE_LABELS, seed: 1 });
  run.trajectory.optimizer.learningRate = 1e9;
  const planned = planRun(dataset, run);
  const failure = await (await lab.start({ planned })).result().catch((error: unknown) => error);
  expect(rootOf(failure)).toMatchObject({
    type: 'LossNotFinite',
    nonRetryable: true,
    message: expect.stringMatching(
      /^The loss of mlp-1x512 is (NaN|Infinity) at step \d+ with learning rate 1000000000,/,
    ),
  });
  const curve = await store.head(
    `trajectories/${planned.trajectoryId}/runs/${planned.id}/diverged-curve.csv`,
  );
  expect((await store.get(curve!)).toString()).toMatch(/^step,loss\n1,/);
}, 400_000);
