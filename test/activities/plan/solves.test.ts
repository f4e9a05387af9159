import { beforeEach, expect, test } from 'vitest';
import type { DatasetRef } from '../../../activities/contract.ts';
import { choiceId } from '../../../activities/kernel/candidates.ts';
import { readSolveTimes } from '../../../activities/plan/solve-times.ts';
import { planParts, planRow } from '../../../activities/plan/solves.ts';
import { provenance } from '../../../activities/provenance/provenance.ts';
import { parseOptions } from '../../../activities/read-options.ts';
import { kernelId } from '../../../activities/store/kernels.ts';
import * as keys from '../../../activities/store/keys.ts';
import { createMemoryStore } from '../../../activities/store/memory.ts';
import type { Store } from '../../../activities/store/store.ts';
import { partsOf } from '../../../workflows/implicit-regularization.ts';
import { requestsOf } from '../../../workflows/table-3.ts';
import { environment } from '../environment.ts';
import { DIGITS } from '../verdicts/kernels.ts';

const asked = parseOptions('reproduceTable3', { profile: 'smoke' });
const name = 'mnist.none';
/** The same digits from elsewhere: other ids, and as much work. */
const others: DatasetRef = { ...DIGITS, id: { ...DIGITS.id, sha256: 'e'.repeat(64) } };

let store: Store;
beforeEach(() => {
  store = createMemoryStore();
});

const put = (key: string, value: unknown) =>
  store.putIfAbsent(key, Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)));

/** What a solver leaves: who did it, and how long it took. */
const record = (folder: string, parameters: object, seconds: number, cpu = environment.cpu) =>
  put(
    `${folder}/ro-crate-metadata.json`,
    provenance({
      title: folder,
      about: '',
      inputs: [],
      outputs: [{ key: `${folder}/made`, sha256: '0'.repeat(64), bytes: 1 }],
      parameters: { ...parameters },
      environment: { ...environment, cpu },
      startedAt: new Date(0),
      endedAt: new Date(seconds * 1000),
    }),
  );

/** The row's choice and its systems with the first λ, as they were made of these digits. */
async function solveRow(digits: DatasetRef, { kept = 0, cpu = environment.cpu } = {}) {
  const { choosing, solving } = requestsOf(name, asked, digits);
  const chosen = { name: '', errors: 3, l2: 0, features: { kind: 'pixels' as const, gamma: 0.02 } };
  const id = choiceId(choosing);
  await put(keys.kernelChoice(id, 'choice.json'), { id, images: choosing.images, candidates: [], chosen });
  await record(`kernels/choices/${id}`, { ...choosing, kept }, 4, cpu);
  const { system, l2 } = solving({ chosen });
  for (const [k, one] of l2.slice(0, 2).entries()) {
    const folder = `kernels/${kernelId(system, one)}`;
    await put(`${folder}/time.json`, { seconds: 10 * (k + 1), threads: 2, memoryBytes: 1, device: 'cpu' });
    await record(folder, { ...system, l2: one }, 1, cpu);
  }
}

const row = async (digits: DatasetRef) => {
  const times = await readSolveTimes(store, ({ machine }) => machine.startsWith(environment.cpu));
  return planRow(store, { name, row: requestsOf(name, asked, digits) }, times);
};
const seconds = (planned: { seconds: number | null }[]) => planned.map((one) => one.seconds);

test('in an empty store nothing is known of a row but what it consists of', async () => {
  const planned = await row(DIGITS);
  expect(planned.map(({ title }) => title)).toEqual([
    'mnist.none: choice on 80 images',
    ...['0', '0.001', '0.01', '0.1', '1'].map((l2) => `mnist.none: system of 120 images, λ ${l2}`),
  ]);
  expect(seconds(planned)).toEqual(planned.map(() => null));
});

test('a row takes as long as one of its size took, each λ as the same λ, one that nobody solved as any', async () => {
  await solveRow(others);
  expect(seconds(await row(DIGITS))).toEqual([4, 10, 20, 20, 20, 20]);
});

test('a choice that is made is stored, and decides which systems are asked for', async () => {
  await solveRow(DIGITS);
  const planned = await row(DIGITS);
  expect(planned[0]).toMatchObject({ stored: true, seconds: 0 });
  expect(planned[1]).toMatchObject({ stored: false, seconds: 10, measures: 1 }); // its coefficients are not there
});

test('another machine’s times, and those of choices that went on after a crash, say nothing', async () => {
  await solveRow(others, { cpu: 'another' });
  expect(seconds(await row(DIGITS))).toEqual([null, null, null, null, null, null]);
  store = createMemoryStore();
  await solveRow(others, { kept: 2 });
  expect(seconds(await row(DIGITS))).toEqual([null, 10, 20, 20, 20, 20]);
});

test('the parts of Section 5 take as long as those of the same size, whatever their seed', async () => {
  const options = parseOptions('verifyImplicitRegularization', { profile: 'smoke' });
  const parts = partsOf(options, DIGITS.id);
  const [points, train] = [6, 60]; // 784 / 128
  const first = { dataset: DIGITS.id, descent: 1, points, testImages: 100, seed: 7 };
  await record(`linear/descent/${'a'.repeat(20)}`, first, 5);
  const second = { dataset: DIGITS.id, interpolants: 1, train, test: 100, choosing: 60, seed: 7 };
  await record(`linear/interpolants/${'b'.repeat(20)}`, second, 6);
  const times = await readSolveTimes(store, () => true);
  expect(await planParts(store, parts, DIGITS, times)).toEqual([
    { title: 'SGD on a linear model of 6 images', stored: false, seconds: 5, measures: 1 },
    { title: 'kernel machines of 60 images', stored: false, seconds: 6, measures: 1 },
  ]);
});
