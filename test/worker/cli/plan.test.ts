/** plan, why and diff as a user types them, on a real S3 server with one finished run; nothing is started by any of them. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlannedRun } from '../../../activities/contract.ts';
import { PROCEDURAL } from '../../../activities/data/procedural.ts';
import { keepDataset, rememberSource } from '../../../activities/data/stored-dataset.ts';
import { planRun } from '../../../activities/identity/run-id.ts';
import { createS3Store } from '../../../activities/store/s3.ts';
import type { Store } from '../../../activities/store/store.ts';
import { stackVariables } from '../../../worker/session.ts';
import { DATASET, finish, unbound } from '../../activities/plan/generated-runs.ts';
import { type Lab, openLab } from '../../faults/lab.ts';

const IMAGES = 64; // what the smoke profile uses
const REQUEST = ['--profile', 'smoke', '--panels', 'c', '--models', 'mlp-1x512'];

let lab: Lab;
let store: Store;
let stored: PlannedRun;
beforeAll(async () => {
  lab = await openLab();
  const { bucket, endpoint, region, accessKeyId, secretAccessKey } = lab.stack.s3;
  store = createS3Store({ bucket, endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const split = { images: new Uint8Array(IMAGES * 32 * 32 * 3), labels: new Uint8Array(IMAGES) };
  const images = { form: 'generated' as const, classes: [], dataset: { train: split, test: split } };
  const ref = await keepDataset(store, DATASET, images, () => Buffer.from('{}'));
  await rememberSource(store, PROCEDURAL.id, ref);
  stored = planRun(DATASET, unbound());
  await finish(store, stored, { segment: { from: null, startSeconds: 2, trainingSeconds: 1 } });
});
afterAll(() => lab.close());

const main = new URL('../../../dist/worker/cli/main.js', import.meta.url).pathname;
function run(...args: string[]) {
  const env = { ...process.env, ...stackVariables(lab.stack) };
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], { env, encoding: 'utf8' });
  return { stdout, stderr, status };
}

test('plan tells what is stored from what is new, with steps and the time that stored runs took, and starts nothing', async () => {
  const { stdout, status } = run('plan', 'figure1', '--dataset', 'procedural', ...REQUEST, '--json');

  expect(status).toBe(0);
  const { plan } = JSON.parse(stdout);
  expect(plan).toMatchObject({ command: 'figure1', images: { sha256: DATASET.sha256 } });
  expect(plan.trainings).toMatchObject([
    { state: 'stored', planned: { id: stored.id }, steps: 0 },
    {
      state: 'new',
      steps: 60,
      seconds: 22, // 2 s to load, then three steps a second
      nearest: { id: stored.id, differences: [{ field: 'corruption.labels', one: null, other: 1 }] },
    },
  ]);
  for await (const { workflowId } of lab.client.workflow.list()) expect.unreachable(workflowId);
});

test('the plan for people names both, and the command that does it', () => {
  const { stdout } = run('plan', 'figure1', '--dataset', 'procedural', ...REQUEST);

  expect(stdout).toContain('2 trainings: 1 in the store, 1 from the start.');
  expect(stdout).toContain('Steps to train: at most 60. Time for all of them: about 22 s one after another.');
  expect(stdout).toContain(`✓ mlp-1x512, true labels, 64 images, seed 1 [${stored.id}]: stored`);
  expect(stdout).toContain(`not stored; nearest is ${stored.id}: corruption.labels 0 → 1`);
  expect(stdout).toContain('Nothing was started: `npm run figure1` with the same flags does it.');
});

test('why says what a run was made with, and that it is reused', () => {
  const { stdout, status } = run('why', stored.id.slice(0, 8));

  expect(status).toBe(0);
  expect(stdout).toContain(`run ${stored.id} of trajectory ${stored.trajectoryId}`);
  expect(stdout).toContain('It began at the start, and was trained in one go.');
  expect(stdout).toContain('TensorFlow 2.21.0');
  expect(stdout).toContain(`The recipe is still ${stored.run.trajectory.recipe}`);
});

test('a diff with what is not there says so in one sentence, with exit code 2', () => {
  const { stderr, status } = run('diff', stored.id, 'nothing');

  expect(stderr).toMatch(/^The store has nothing called nothing: /);
  expect(status).toBe(2);
});
