/** Section 5 whole, on a real dev server: images are generated, nothing else is pretend. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activities } from '../../activities/contract.ts';
import { keepDataset } from '../../activities/data/stored-dataset.ts';
import { createDescendLinear } from '../../activities/descend-linear.ts';
import { createFitInterpolants } from '../../activities/fit-interpolants.ts';
import type { Store } from '../../activities/store/store.ts';
import { createWriteTable } from '../../activities/write-table.ts';
import type { verifyImplicitRegularization } from '../../workflows/implicit-regularization.ts';
import { environment } from '../activities/environment.ts';
import { generatedDataset } from '../activities/theory/generated-dataset.ts';
import { rootOf } from '../faults/lab.ts';
import { type LightWorkers, startLightWorkers } from './light-workers.ts';

const ID = { name: 'procedural' as const, sha256: '0'.repeat(64) };

function activities(store: Store): Partial<Activities> {
  const publishing = { store, environment, now: () => new Date('2026-01-01T00:00:00Z') };
  return {
    fetchDataset: () =>
      keepDataset(store, ID, { form: 'generated', classes: [], dataset: generatedDataset(80) }, () =>
        Buffer.from('{}'),
      ),
    descendLinear: createDescendLinear(publishing),
    fitInterpolants: createFitInterpolants(publishing),
    writeTable: createWriteTable(publishing),
  };
}

let workers: LightWorkers;
beforeAll(async () => {
  workers = await startLightWorkers(activities);
}, 120_000);
afterAll(() => workers.close());

const verify = (...args: object[]) =>
  workers.server.client.workflow.execute<typeof verifyImplicitRegularization>(
    'verifyImplicitRegularization',
    {
      workflowId: `implicit-${randomUUID()}`,
      taskQueue: 'rethinking',
      args: args as [object?],
    },
  );

test('pictures, the table and a verdict on every record; what is true of any images is reproduced on generated ones', async () => {
  const { artifact, figures, tables, verdicts, trainings, stamp } = await verify({ points: 20 });

  expect(artifact).toBe('implicit-regularization');
  expect(figures.map(({ name, folder }) => [name, folder.replace(/[0-9a-f]{20}$/, 'ID')])).toEqual([
    ['sgd-distance', 'figures/sgd-distance/ID'],
    ['sgd-optima', 'figures/sgd-optima/ID'],
  ]);
  expect(tables.map(({ name, folder }) => [name, folder.replace(/[0-9a-f]{20}$/, 'ID')])).toEqual([
    ['interpolants', 'tables/interpolants/ID'],
  ]);
  const kinds = new Map(verdicts.map(({ claim, kind }) => [claim, kind]));
  expect(kinds.size).toBe(7);
  expect(kinds.get('implicit-regularization.least-norm')).toBe('reproduced');
  expect(kinds.get('implicit-regularization.hessian')).toBe('reproduced');
  expect(kinds.get('implicit-regularization.norm-does-not-predict')).toBe('not run');
  expect(trainings.needed).toBe(0);
  expect(stamp).toBe(
    'procedural images (generated, not CIFAR-10) · quick profile: 20 images as points of 3,072 dimensions, kernels on 80; 10 test images · seed 1',
  );
}, 120_000);

test('the profile says how many points', async () => {
  expect((await verify({ profile: 'smoke' })).stamp).toContain(
    'smoke profile: 24 images as points of 3,072 dimensions, kernels on 60; 10 test images',
  );
}, 120_000);

test('input that cannot be meant fails at once with every bad field', async () => {
  const failure = await verify({ points: 0, labels: 'real' }).catch((error: unknown) => error);

  expect(rootOf(failure)).toMatchObject({
    type: 'InvalidInput',
    message: expect.stringMatching(/points 0 is below 0.*labels|labels.*points 0 is below 0/s),
  });
}, 60_000);
