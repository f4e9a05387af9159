/** The night that the next one is held against, as the store has it. */
import { expect, test } from 'vitest';
import { type Night, PaperOptions } from '../../../activities/contract.ts';
import { newestNight, seriesOf } from '../../../activities/drift/nights.ts';
import * as keys from '../../../activities/store/keys.ts';
import { createMemoryStore, type MemoryObject } from '../../../activities/store/memory.ts';
import { point } from '../../../activities/store/pointer.ts';

const request = PaperOptions.parse({});
const series = seriesOf(request);
const NIGHT: Night = {
  night: '2026-11-24T01:30:00.000Z',
  workflowId: 'nightly',
  artifacts: [],
  versions: { 'Node.js': 'v20.20.2' },
  unfinished: [],
};
const record = keys.drift(series, 'first', 'night.json');
const latest = keys.latestDriftOf(series);

async function afterANight() {
  const objects = new Map<string, MemoryObject>();
  const store = createMemoryStore(objects);
  await store.putIfAbsent(record, Buffer.from(JSON.stringify(NIGHT)));
  await point(store, latest, Buffer.from(JSON.stringify({ folder: `drift/${series}/first` })));
  return { objects, store };
}

test('the newest night of what is asked for is found, and of anything else none', async () => {
  const { store } = await afterANight();
  expect(await newestNight(store, request)).toEqual(NIGHT);
  expect(await newestNight(store, { ...request, seeds: [2] })).toBeNull();
});

test.each([record, latest])(
  'where %s is damaged, there is no night before, and it is set aside',
  async (key) => {
    const { objects, store } = await afterANight();
    const bytes = Buffer.from(objects.get(key)!.bytes);
    bytes[0]! ^= 1;
    objects.set(key, { ...objects.get(key)!, bytes });
    expect(await newestNight(store, request)).toBeNull();
    expect([...objects.keys()]).toContain(keys.damaged(key));
  },
);
