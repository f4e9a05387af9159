/** Theorem 1 whole, on a real dev server: images are generated, nothing else is pretend. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activities } from '../../activities/contract.ts';
import { keepDataset } from '../../activities/data/stored-dataset.ts';
import { createFitTheorem } from '../../activities/fit-theorem.ts';
import type { Store } from '../../activities/store/store.ts';
import type { verifyTheorem1 } from '../../workflows/theorem-1.ts';
import { environment } from '../activities/environment.ts';
import { generatedDataset } from '../activities/theory/generated-dataset.ts';
import { rootOf } from '../faults/lab.ts';
import { type LightWorkers, startLightWorkers } from './light-workers.ts';

const ID = { name: 'procedural' as const, sha256: '0'.repeat(64) };

const activities = (store: Store): Partial<Activities> => ({
  fetchDataset: () =>
    keepDataset(store, ID, { form: 'generated', classes: [], dataset: generatedDataset(300) }, () =>
      Buffer.from('{}'),
    ),
  fitTheorem: createFitTheorem({ store, environment, now: () => new Date('2026-01-01T00:00:00Z') }),
});

let workers: LightWorkers;
beforeAll(async () => {
  workers = await startLightWorkers(activities);
}, 120_000);
afterAll(() => workers.close());

const verify = (...args: object[]) =>
  workers.server.client.workflow.execute<typeof verifyTheorem1>('verifyTheorem1', {
    workflowId: `theorem1-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: args as [object?],
  });

test('without any input all images have their random labels, which reproduces the theorem on generated images', async () => {
  const { artifact, figures, verdicts, trainings, stamp } = await verify();

  expect(artifact).toBe('theorem-1');
  expect(figures.map(({ name, folder }) => [name, folder.replace(/[0-9a-f]{20}$/, 'ID')])).toEqual([
    ['theorem-1-function', 'figures/theorem-1-function/ID'],
    ['theorem-1-error', 'figures/theorem-1-error/ID'],
    ['theorem-1-projection', 'figures/theorem-1-projection/ID'],
    ['corollary-1', 'figures/corollary-1/ID'],
  ]);
  expect(verdicts.map(({ claim, kind }) => [claim, kind])).toEqual([
    ['theorem-1.any-labelling', 'reproduced'],
    ['theorem-1.lemma-1', 'reproduced'],
    ['theorem-1.corollary-1', 'reproduced'],
  ]);
  expect(trainings.needed).toBe(0);
  expect(stamp).toBe(
    'procedural images (generated, not CIFAR-10) · quick profile: 300 images as points of 3,072 dimensions · random labels · seed 1',
  );
}, 60_000);

test('the profile says how many images, and `points` says otherwise', async () => {
  const [smoke, asked] = [await verify({ profile: 'smoke' }), await verify({ points: 30, labels: 'real' })];

  expect(smoke.stamp).toContain('smoke profile: 200 images');
  expect(asked.stamp).toContain('30 images as points of 3,072 dimensions · standard normal labels');
}, 60_000);

test('`generated` takes no images, and its pictures and verdicts say so', async () => {
  const { stamp, verdicts, figures } = await verify({ generated: 400 });

  expect(stamp).toBe('Random bytes · quick profile: 400 points of 3,072 dimensions · random labels · seed 1');
  expect(verdicts.map(({ kind }) => kind)).toEqual(['reproduced', 'reproduced', 'reproduced']);
  expect(figures).toHaveLength(4);
}, 60_000);

test.each<[object, string]>([
  [{ generated: 10, points: 5 }, 'generated 10: goes with neither images nor a number of them'],
  [
    { generated: 10, labels: 'true' },
    'labels "true": goes with images alone: generated points have random or real labels',
  ],
  [{ generated: 3_000_000 }, 'generated 3000000 is above 2000000'],
])(
  '%j is refused',
  async (input, sentence) => {
    const failure = await verify(input).catch((error: unknown) => error);
    expect(rootOf(failure)).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining(sentence),
    });
  },
  60_000,
);

test('input that cannot be meant fails at once with every bad field', async () => {
  const failure = await verify({ points: 0, labels: 'none' }).catch((error: unknown) => error);

  expect(rootOf(failure)).toMatchObject({
    type: 'InvalidInput',
    message:
      'verifyTheorem1 cannot run with this input: labels "none" is none of true, random, real; points 0 is below 0.',
  });
}, 60_000);
