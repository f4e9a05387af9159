/** What lies in the store may rot, and a training may diverge: each is noticed, named, and cured or told. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { planRun } from '../../activities/identity/run-id.ts';
import type { Store } from '../../activities/store/store.ts';
import { PROFILES } from '../../workflows/profiles.ts';
import { recipe, TRUE_LABELS } from '../../workflows/recipe.ts';
import { childrenOf, ended, type Lab, listed, openLab, rootOf, TRAINING } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
}, 60_000);
afterEach(() => lab.stopWorkers());
afterAll(() => lab.close());

/** The one the pointer names: a trainer that was killed in the middle of a commit leaves a newer object behind. */
async function newestCheckpoint(store: Store): Promise<string> {
  const pointer = (await listed(store, 'trajectories/')).find(({ key }) => key.endsWith('/checkpoint.json'));
  const found = pointer && (await store.read(pointer.key));
  if (!found) throw new Error('there is no checkpoint yet');
  return JSON.parse(found.bytes.toString()).links[0].key;
}

test('a damaged newest checkpoint is set aside, and the one before goes on to the same weights', async () => {
  const first = lab.startWorkers();
  const training = await lab.start(TRAINING);
  await lab.progress(training.workflowId, ({ checkpoint }) => (checkpoint?.step ?? 0) > 100);
  const worker = first.pid('train')!;
  const [trainer] = childrenOf(worker);
  process.kill(worker, 'SIGKILL');
  await ended(trainer);
  const newest = await newestCheckpoint(first.store);
  await lab.damage(first.bucket, (key) => key === newest);
  const outcome = await training.result();
  const aside = await listed(first.store, 'damaged/');
  await lab.stopWorkers();

  lab.startWorkers();
  const undisturbed = await (await lab.start(TRAINING)).result();
  expect(outcome.weights.sha256).toBe(undisturbed.weights.sha256);
  expect(aside.map(({ key }) => key)).toEqual([`damaged/${newest}`]);
}, 400_000);

test('damaged images are set aside and made again', async () => {
  const { bucket, store } = lab.startWorkers();
  const short = { ...TRAINING, stop: { steps: 20, when: null } };
  await (await lab.start(short)).result();
  const images = await lab.damage(
    bucket,
    (key) => key.endsWith('train-images.npy') && key.includes('/prepared/'),
  );
  const outcome = await (await lab.start({ ...short, stop: { steps: 40, when: null } })).result();
  expect(outcome.steps).toBe(40);
  expect((await listed(store, 'damaged/')).map(({ key }) => key)).toEqual([`damaged/${images}`]);
}, 400_000);

test('a stored run whose weights are damaged is trained again, to the same bytes', async () => {
  const { bucket, store } = lab.startWorkers();
  const short = { ...TRAINING, stop: { steps: 20, when: null } };
  const before = await (await lab.start(short)).result();
  const weights = await lab.damage(bucket, (key) => key.endsWith('weights.safetensors'));
  const after = await (await lab.start(short)).result();
  expect(after.weights).toEqual(before.weights);
  await expect(store.get(after.weights)).resolves.toHaveLength(before.weights.bytes);
  expect((await listed(store, 'damaged/')).map(({ key }) => key)).toContain(`damaged/${weights}`);
}, 400_000);

test('a longer run goes on from the checkpoint of a shorter one, to the weights of one that never stopped', async () => {
  lab.startWorkers();
  const at = (steps: number) => ({ ...TRAINING, stop: { steps, when: null } });
  await (await lab.start(at(100))).result();
  const continued = await (await lab.start(at(150))).result();
  await lab.stopWorkers();
  lab.startWorkers();
  const whole = await (await lab.start(at(150))).result();
  expect(continued.weights.sha256).toBe(whole.weights.sha256);
  expect(continued.curve.sha256).toBe(whole.curve.sha256);
}, 400_000);

test('a training that diverges fails for good with step and learning rate, and keeps its curve', async () => {
  const { store } = lab.startWorkers();
  const first = await (await lab.start({ ...TRAINING, stop: { steps: 10, when: null } })).result();
  const trajectory = JSON.parse(
    (await store.get((await store.head(`trajectories/${first.trajectoryId}/trajectory.json`))!)).toString(),
  );
  const { dataset } = trajectory;
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
