/** Table 3 whole, on a real dev server: choices and solutions are pretend, everything else is not. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Activities, ChoiceRequest, KernelSystem } from '../../activities/contract.ts';
import type { Store } from '../../activities/store/store.ts';
import { createWriteTable } from '../../activities/write-table.ts';
import type { reproduceTable3 } from '../../workflows/table-3.ts';
import { environment } from '../activities/environment.ts';
import { DIGITS, PHOTOGRAPHS, row } from '../activities/verdicts/kernels.ts';
import { rootOf } from '../faults/lab.ts';
import { type LightWorkers, startLightWorkers } from './light-workers.ts';

const asked: { fetched: string[]; choices: ChoiceRequest[]; systems: [KernelSystem, number[]][] } = {
  fetched: [],
  choices: [],
  systems: [],
};

const activities = (store: Store): Partial<Activities> => ({
  fetchDataset: async ({ name }) => {
    asked.fetched.push(name);
    return name === 'mnist' ? DIGITS : { ...PHOTOGRAPHS, id: { ...PHOTOGRAPHS.id, name } };
  },
  chooseKernel: async (request) => {
    asked.choices.push(request);
    const features =
      request.of.kind === 'random-filters' ? request.of : { kind: 'pixels' as const, gamma: 0.02 };
    const l2 = request.of.kind === 'random-filters' ? 0.25 : 0;
    const chosen = { name: 'the best', features, l2, errors: 3 };
    return { id: '0', images: request.images, candidates: [chosen], chosen };
  },
  solveKernel: async ({ system, l2 }) => {
    asked.systems.push([system, l2]);
    const { solved } = row('mnist.none', Object.fromEntries(l2.map((one) => [one, 100])));
    return solved.map((one) => ({ ...one, system }));
  },
  writeTable: createWriteTable({ store, environment, now: () => new Date('2026-01-01T00:00:00Z') }),
});

let workers: LightWorkers;
beforeAll(async () => {
  workers = await startLightWorkers(activities);
}, 120_000);
afterAll(() => workers.close());
beforeEach(() => Object.assign(asked, { fetched: [], choices: [], systems: [] }));

const reproduce = (input: object) =>
  workers.server.client.workflow.execute<typeof reproduceTable3>('reproduceTable3', {
    workflowId: `table3-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [input],
  });

test('the paper profile takes every image and 32,000 filters, and writes the table, the sweep and the choices', async () => {
  const { tables, verdicts, trainings } = await reproduce({ profile: 'paper' });
  expect(
    asked.systems.map(([{ dataset, trainImages, testImages, features }, l2]) => [
      dataset.name,
      trainImages,
      testImages,
      'filters' in features ? features.filters : null,
      l2,
    ]),
  ).toEqual([
    ['mnist', 60_000, 10_000, null, [0, 0.001, 0.01, 0.1, 1]],
    ['mnist', 60_000, 10_000, null, [0, 0.001, 0.01, 0.1, 1]],
    ['cifar10', 50_000, 10_000, null, [0]],
    ['cifar10', 50_000, 10_000, 32_000, [0, 0.25]],
  ]);
  expect(asked.choices.map(({ images, of }) => [images, of.kind])).toEqual([
    [5000, 'pixels'],
    [5000, 'gabor'],
    [5000, 'pixels'],
    [5000, 'random-filters'],
  ]);
  expect(tables.map(({ name }) => name)).toEqual(['table-3', 'table-3-l2', 'table-3-choices']);
  expect(verdicts).toHaveLength(9);
  expect(trainings.needed).toBe(0);
}, 60_000);

test('rows of one data set do not fetch the other, and generated images stand for digits by their grey centres', async () => {
  const { stamp } = await reproduce({ rows: ['mnist.gabor'], digits: 'procedural', images: 100 });
  expect(asked.fetched).toEqual(['procedural']);
  expect(asked.systems.map(([{ view, trainImages }]) => [view, trainImages])).toEqual([['grey-centre', 100]]);
  expect(stamp).toContain('quick profile: 100 training images, 2,000 test images');
}, 60_000);

test('input that cannot be meant fails at once with every bad field', async () => {
  const failure = await reproduce({ rows: ['imagenet'], filters: 0 }).catch((error: unknown) => error);
  expect(rootOf(failure)).toMatchObject({
    type: 'InvalidInput',
    message:
      'reproduceTable3 cannot run with this input: rows.0 "imagenet" is none of mnist.none, mnist.gabor, ' +
      'cifar10.none, cifar10.random-filters; filters 0 is below 0.',
  });
}, 60_000);
