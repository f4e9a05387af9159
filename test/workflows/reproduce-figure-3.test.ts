/** Figure 3 whole, on a real dev server: it needs no data and no training, so nothing here is pretend. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { reproduceFigure3 } from '../../workflows/figure-3.ts';
import { rootOf } from '../faults/lab.ts';
import { type LightWorkers, startLightWorkers } from './light-workers.ts';

let workers: LightWorkers;
beforeAll(async () => {
  workers = await startLightWorkers(() => ({}));
}, 120_000);
afterAll(() => workers.close());

const reproduce = (...args: object[]) =>
  workers.server.client.workflow.execute<typeof reproduceFigure3>('reproduceFigure3', {
    workflowId: `figure3-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: args as [object?],
  });

test('without any input Inception (small) is drawn and is the paper’s', async () => {
  const { figures, verdicts, trainings, stamp } = await reproduce();

  expect(figures.map(({ name, folder }) => [name, folder.replace(/[0-9a-f]{20}$/, 'ID')])).toEqual([
    ['figure-3', 'figures/3/ID'],
  ]);
  expect(String(await workers.store.get(figures[0].csv))).toContain(',"3×3 conv 96, batch norm, ReLU",');
  expect(verdicts.map(({ claim, kind }) => [claim, kind])).toEqual([
    ['figure-3.modules', 'reproduced'],
    ['figure-3.parameters', 'reproduced'],
    ['figure-3.multiply-adds', 'reproduced'],
  ]);
  expect(trainings).toEqual({ needed: 0, stored: 0, failed: 0 });
  expect(stamp).toBe('From the definition of inception; no data, no training.');
});

test('run again it answers with the same objects; another network is another picture', async () => {
  const [first, again, other] = [await reproduce(), await reproduce(), await reproduce({ model: 'alexnet' })];

  expect(again).toEqual(first);
  expect(other.figures[0].folder).not.toBe(first.figures[0].folder);
});

test('a network that nobody knows fails at once', async () => {
  const failure = await reproduce({ model: 'resnet' }).catch((error: unknown) => error);

  expect(rootOf(failure)).toMatchObject({ type: 'InvalidInput' });
});
