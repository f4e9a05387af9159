import type { Payload } from '@temporalio/common';
import { expect, test } from 'vitest';
import { payloadsIn } from '../../activities/store/keys.ts';
import { createMemoryStore } from '../../activities/store/memory.ts';
import { largePayloadsIn } from '../../worker/large-payloads.ts';
import { listed } from '../faults/lab.ts';

const payload = (text: string): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(text)),
});

const plain = ({ metadata, data }: Payload) => ({
  encoding: String(metadata?.encoding),
  data: String(data),
});

function driver() {
  const store = createMemoryStore();
  const { externalStorage } = largePayloadsIn(store);
  return { store, storage: externalStorage!, driver: externalStorage!.drivers[0]! };
}

test('what goes into the store comes back as it was, in its order', async () => {
  const { driver: disk } = driver();
  const payloads = ['one', 'zwei – 2', ''].map(payload);
  const claims = await disk.store({}, payloads);
  const back = await disk.retrieve({}, claims);
  expect(back.map(plain)).toEqual(payloads.map(plain));
});

test('the same payload is stored once, whoever sends it', async () => {
  const { driver: disk, store } = driver();
  await disk.store({}, [payload('runs'), payload('runs')]);
  expect(await listed(store, 'payloads/')).toHaveLength(1);
});

test('one that is said again on a later day is an object of that day, so that older ones can go', async () => {
  let today = '2026-11-24';
  const store = createMemoryStore();
  const [disk] = largePayloadsIn(store, () => new Date(`${today}T23:59:59Z`)).externalStorage!.drivers;
  await disk!.store({}, [payload('runs')]);
  today = '2026-11-25';
  const claims = await disk!.store({}, [payload('runs')]);
  const keys = (await listed(store, 'payloads/')).map(({ key }) => key);
  expect(keys).toEqual(payloadsIn(keys.join('\n')));
  expect(keys.map((key) => key.split('/')[1])).toEqual(['2026-11-24', '2026-11-25']);
  expect(claims[0]?.claimData.key).toBe(keys[1]);
});

test('a payload of 256 KiB crosses Temporal itself, as everything of one figure does', () => {
  expect(driver().storage.payloadSizeThreshold).toBe(256 * 1024);
});
