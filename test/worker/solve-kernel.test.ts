import { expect, test } from 'vitest';
import type { KernelSystem } from '../../activities/contract.ts';
import { keepDataset } from '../../activities/data/stored-dataset.ts';
import { Failure } from '../../activities/failure/failure.ts';
import { countErrors, oneVsAll } from '../../activities/kernel/labels.ts';
import { kernelId } from '../../activities/store/kernels.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import type { Store } from '../../activities/store/store.ts';
import { type Solving, solveSystem } from '../../worker/solve-kernel.ts';
import { environment } from '../activities/environment.ts';
import { flat, gaussian, inRows, multiply, sample, solved } from '../activities/kernel/small.ts';
import { listed } from '../faults/lab.ts';

const N = 60;
const TESTS = 20;
const own = (n: number, seed: number) => {
  const { pixels: images, labels } = sample(n, 784, seed);
  return { images, labels };
};
const dataset = { train: own(N, 1), test: own(TESTS, 2) };
const id = { name: 'mnist' as const, sha256: '0'.repeat(64) };
const system: KernelSystem = {
  recipe: 1,
  dataset: id,
  view: 'whole',
  trainImages: N,
  testImages: TESTS,
  features: { kind: 'pixels', gamma: 0.002 },
};

async function filledStore(): Promise<Store> {
  const store = createMemoryStore();
  await keepDataset(store, id, { form: 'idx', classes: [], dataset }, () => Buffer.from('{}'));
  return store;
}

const solve = (store: Store, l2: number[], changes: Partial<Solving> = {}) =>
  solveSystem(
    { system, l2 },
    {
      store,
      token: 'first',
      environment,
      checkpointSeconds: 1e6,
      see: () => {},
      stop: new AbortController().signal,
      ...changes,
    },
  );

test('errors, norm and α are those of elimination', async () => {
  const [interpolant] = (await solve(await filledStore(), [0]))!;
  const kernel = gaussian(dataset.train.images, dataset.train.images, 784, 0.002);
  const y = oneVsAll(dataset.train.labels);
  const alpha = solved(kernel, inRows(y, 10));
  const outputs = multiply(gaussian(dataset.test.images, dataset.train.images, 784, 0.002), alpha);
  const square = flat(alpha).reduce((sum, value, i) => sum + value * y[i]!, 0); // y = Kα
  expect(interpolant).toMatchObject({
    trainErrors: 0,
    testErrors: countErrors(flat(outputs), dataset.test.labels),
  });
  expect(interpolant!.norm.plusMinusOne / Math.sqrt(square)).toBeCloseTo(1, 8);
  expect(interpolant!.residual).toBeLessThan(1e-9);
});

test('more λ than before are solved, the others answered from the store', async () => {
  const store = await filledStore();
  const [first] = (await solve(store, [0]))!;
  const seen: string[] = [];
  const both = (await solve(store, [0, 0.1], { token: 'second', see: (stretch) => seen.push(stretch) }))!;
  expect(both[0]).toEqual(first);
  expect(both[1]!.norm.plusMinusOne).toBeLessThan(first!.norm.plusMinusOne);
  expect(seen.some((stretch) => stretch.startsWith('λ = 0.0:'))).toBe(false);
  const again: string[] = [];
  await solve(store, [0, 0.1], { token: 'third', see: (stretch) => again.push(stretch) });
  expect(again).toEqual([]);
});

test('a solution that is stopped goes on from its iterate, and has the bytes of an undisturbed one', async () => {
  const undisturbed = (await solve(await filledStore(), [0]))!;
  const store = await filledStore();
  const stop = new AbortController();
  const stopped = await solve(store, [0], {
    stop: stop.signal,
    see: (stretch) => stretch.includes('iteration 1,') && stop.abort(),
  });
  const seen: string[] = [];
  const resumed = (await solve(store, [0], { token: 'second', see: (stretch) => seen.push(stretch) }))!;
  expect(stopped).toBeNull();
  expect(seen.filter((stretch) => stretch.includes('iteration 1, residual'))).toHaveLength(0);
  const { time: _, provenance: __, ...numbers } = undisturbed[0]!; // α by its digest
  expect(resumed[0]).toMatchObject(numbers);
});

test('a damaged iterate is set aside, and the system solved from the start', async () => {
  const store = await filledStore();
  const stop = new AbortController();
  await solve(store, [0], {
    stop: stop.signal,
    see: (stretch) => stretch.includes('iteration 1,') && stop.abort(),
  });
  const [checkpoint] = await listed(store, `kernels/${kernelId(system, 0)}/checkpoints/`);
  const damaged: Store = {
    ...store,
    async get(ref) {
      if (ref.key !== checkpoint!.key) return store.get(ref);
      throw new Failure('ObjectDamaged', `${ref.key} is damaged.`);
    },
  };
  const [solution] = (await solve(damaged, [0], { token: 'second' }))!;
  expect(solution!.trainErrors).toBe(0);
  expect(await listed(store, 'damaged/')).toHaveLength(1);
});

test('an attempt that another one took over from writes no iterate any more', async () => {
  const store = await filledStore();
  let overtaken = false;
  const ended = solve(store, [0], {
    checkpointSeconds: 0,
    see: () => {},
    store: {
      ...store,
      async read(key) {
        if (key.endsWith('checkpoint.json') && !overtaken && (await store.read(key))) {
          overtaken = true;
          await solve(store, [0], { token: 'second' });
        }
        return store.read(key);
      },
    },
  });
  await expect(ended).rejects.toMatchObject({ type: 'Fenced' });
  expect(overtaken).toBe(true);
});

test('a stop before there is an iterate ends without one, and without a failure', async () => {
  const store = await filledStore();
  const stop = new AbortController();
  const stopAt = (stretch: string) => stretch === 'kernel matrix' && stop.abort();
  expect(await solve(store, [0, 1], { stop: stop.signal, see: stopAt })).toBeNull();
  expect(await listed(store, 'kernels/')).toEqual([]);
});
