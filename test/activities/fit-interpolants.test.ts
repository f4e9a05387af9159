/** The step that fits kernel machines, on generated points of the form of CIFAR-10. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, expect, test } from 'vitest';
import type { DatasetId, FittedInterpolants } from '../../activities/contract.ts';
import { keepDataset } from '../../activities/data/stored-dataset.ts';
import { createFitInterpolants } from '../../activities/fit-interpolants.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { listed } from '../faults/lab.ts';
import { environment } from './environment.ts';
import { generatedDataset } from './theory/generated-dataset.ts';

const ID = { name: 'procedural', sha256: '0'.repeat(64) } as const satisfies DatasetId;

let store: Store;
beforeEach(async () => {
  store = createMemoryStore();
  const dataset = generatedDataset(40);
  await keepDataset(store, ID, { form: 'generated', classes: [], dataset }, () => Buffer.from('{}'));
});

function fitMachines(time = 0): Promise<FittedInterpolants> {
  const activity = createFitInterpolants({ store, environment, now: () => new Date(time) });
  const request = { dataset: ID, trainImages: 30, testImages: 100, choosing: 20, seed: 1 };
  return new MockActivityEnvironment().run(activity, request);
}

test('all machines are fitted to the first images, and measured on the test images that there are', async () => {
  const { interpolants, choices, numbers, folder } = await fitMachines();

  expect(interpolants.map(({ name, train, test }) => [name, train, test.images])).toEqual(
    ['kernel', 'kernel-random-labels', 'kernel-random-centres', 'kernel-forced-labels'].map((name) => [
      name,
      { errors: 0, images: 30 },
      10,
    ]),
  );
  expect(choices).toMatchObject([{ features: 'pixels', images: 20 }]);
  expect(numbers.key).toBe(`${folder}/interpolants.json`);
});

test('a second time, later, it is answered from the store', async () => {
  const first = await fitMachines();

  expect(await fitMachines(1e9)).toEqual(first);
});

test('an attempt that dies is gone on with after the last machine that it had kept', async () => {
  const { putIfAbsent } = store;
  const kept: string[] = [];
  store.putIfAbsent = (key, ...rest) => {
    if (key.endsWith('kernel-random-centres.json')) return Promise.reject(new Error('killed'));
    if (key.includes('/steps/')) kept.push(key.replace(/.*steps\//, ''));
    return putIfAbsent(key, ...rest);
  };
  await expect(fitMachines()).rejects.toThrow('killed');
  expect(kept).toEqual(['choice-pixels.json', 'kernel.json', 'kernel-random-labels.json']);

  store.putIfAbsent = (key, ...rest) => {
    if (key.includes('/steps/')) kept.push(key.replace(/.*steps\//, ''));
    return putIfAbsent(key, ...rest);
  };
  const { interpolants } = await fitMachines();

  expect(kept.slice(3)).toEqual([
    'kernel-random-centres.json',
    'kernel-forced-labels.json',
    'random-signs.json',
  ]);
  expect(interpolants).toHaveLength(4);
  expect((await listed(store, 'linear/interpolants/')).some(({ key }) => key.endsWith('latest'))).toBe(true);
});
