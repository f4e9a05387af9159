/** What `npm run drift` finds and ends with. */
import { expect, test } from 'vitest';
import type { DriftReport } from '../../../activities/contract.ts';
import { createMemoryStore } from '../../../activities/store/memory.ts';
import { exitCodeOf, newestDrift } from '../../../worker/cli/drift.ts';

const report: DriftReport = {
  night: '2026-11-24T02:30:00.000Z',
  before: null,
  workflowId: 'nightly',
  leftOut: [],
  canaries: [],
  differences: [],
  alert: false,
};
const version = {
  of: 'version' as const,
  what: 'threads',
  before: '2',
  now: '1',
  alert: false,
  reason: 'The last bits may differ.',
};

test('the exit code tells nothing, a difference and an alert apart', () => {
  expect(exitCodeOf(report)).toBe(0);
  expect(exitCodeOf({ ...report, differences: [version] })).toBe(3);
  expect(exitCodeOf({ ...report, differences: [{ ...version, alert: true }], alert: true })).toBe(4);
});

test('the newest night of all series is shown, and where there is none, how to have one', async () => {
  const store = createMemoryStore();
  await expect(newestDrift(store)).rejects.toThrow('No night has ended yet');
  const put = async (folder: string, of: DriftReport) => {
    await store.putIfAbsent(`drift/${folder}/drift.json`, Buffer.from(JSON.stringify(of)));
    await store.putIfAbsent(`drift/${folder}/drift.md`, Buffer.from(`# ${of.night}\n`));
  };
  await put('a/1', { ...report, night: '2026-11-25T02:30:00.000Z' });
  await put('b/2', report);
  const newest = await newestDrift(store);
  expect(newest).toMatchObject({ markdown: 'drift/a/1/drift.md', text: '# 2026-11-25T02:30:00.000Z\n' });
});
