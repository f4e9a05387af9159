import { expect, test } from 'vitest';
import type { ChoiceRequest } from '../../activities/contract.ts';
import { keepDataset } from '../../activities/data/stored-dataset.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import { chooseKernel } from '../../worker/choose-kernel.ts';
import { environment } from '../activities/environment.ts';
import { sample } from '../activities/kernel/small.ts';

const id = { name: 'mnist' as const, sha256: '0'.repeat(64) };
const request: ChoiceRequest = {
  recipe: 1,
  dataset: id,
  view: 'whole',
  images: 40,
  of: { kind: 'pixels' },
};

async function filledStore() {
  const store = createMemoryStore();
  const { pixels: images, labels } = sample(40, 784);
  const dataset = { train: { images, labels }, test: { images, labels } };
  await keepDataset(store, id, { form: 'idx', classes: [], dataset }, () => Buffer.from('{}'));
  return store;
}

test('a choice that is stopped goes on after the candidates that were scored, and chooses as an undisturbed one', async () => {
  const never = new AbortController().signal;
  const undisturbed = await chooseKernel(request, {
    store: await filledStore(),
    see: () => {},
    stop: never,
    environment,
  });
  const store = await filledStore();
  const stop = new AbortController();
  const stopped = await chooseKernel(request, {
    store,
    see: (stretch) => stretch.startsWith('candidate 3 ') && stop.abort(),
    stop: stop.signal,
    environment,
  });
  expect(stopped).toBeNull();
  expect(await chooseKernel(request, { store, see: () => {}, stop: never, environment })).toEqual(
    undisturbed,
  );
  const seen: string[] = [];
  const again = await chooseKernel(request, {
    store,
    see: (stretch) => seen.push(stretch),
    stop: never,
    environment,
  });
  expect(again).toEqual(undisturbed);
  expect(seen).toEqual([]);
});
