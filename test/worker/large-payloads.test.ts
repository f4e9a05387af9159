import type { Payload } from '@temporalio/common';
import { expect, test } from 'vitest';
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

test('a payload of 256 KiB crosses Temporal itself, as everything of one figure does', () => {
  expect(driver().storage.payloadSizeThreshold).toBe(256 * 1024);
});
