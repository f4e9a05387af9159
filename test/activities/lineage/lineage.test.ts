import { beforeEach, expect, test } from 'vitest';
import { readArtifact } from '../../../activities/comparison/artifacts.ts';
import { inputsNow } from '../../../activities/lineage/inputs.ts';
import { requestOf } from '../../../activities/lineage/request.ts';
import { lineageOfRun } from '../../../activities/lineage/run-lineage.ts';
import { readStoredRuns } from '../../../activities/plan/stored-runs.ts';
import { publish } from '../../../activities/provenance/publish.ts';
import * as keys from '../../../activities/store/keys.ts';
import { createMemoryStore } from '../../../activities/store/memory.ts';
import type { Store } from '../../../activities/store/store.ts';
import { environment } from '../environment.ts';
import { bound, finish } from '../plan/generated-runs.ts';

let store: Store;
beforeEach(() => {
  store = createMemoryStore();
});

const at = (time: string) => new Date(`2026-01-01T${time}Z`);
const lineage = async (run = bound()) => lineageOfRun(store, run, await readStoredRuns(store));

test('a run was computed because nothing had its id: the nearest that had ended before it began is named', async () => {
  await finish(store, bound(), { endedAt: at('01:00:00') });
  await finish(store, bound({ seed: 2 }), { endedAt: at('02:00:00') });
  await finish(store, bound({ seed: 3 }), { endedAt: at('03:00:00') });

  const { nearestBefore } = await lineage(bound({ seed: 2 }));

  expect(nearestBefore).toMatchObject({
    id: bound().id,
    differences: [{ field: 'corruption.seed' }, { field: 'seed' }],
  });
  expect((await lineage()).nearestBefore).toBeNull();
});

test('a run says from which checkpoint its last segment went on', async () => {
  const from = { step: 2, checkpoint: keys.checkpoint(bound({ seed: 9 }), 2, 'abcdef01') };
  await finish(store, bound(), { segment: { from, startSeconds: 1, trainingSeconds: 1 } });

  expect((await lineage()).segment).toMatchObject({ from });
});

test('a run that was damaged and trained again names what was set aside', async () => {
  await finish(store, bound());
  await store.setAside(keys.weights(bound()));
  await store.delete([keys.outcome(bound()), keys.runProvenance(bound())]);
  await finish(store, bound());

  expect((await lineage()).setAside).toEqual([`damaged/${keys.weights(bound())}`]);
});

/** Verdicts of runs, or a picture of some of them. */
const made = (keyOf: (file: string) => string, latest: string, parameters: object, inputs: string[] = []) =>
  publish(store, {
    keyOf,
    latest,
    files: [{ name: 'file', bytes: 'file', contentType: 'text/plain' }],
    title: 'Something',
    about: 'Of a test.',
    inputs: inputs.map((key, index) => ({ key, sha256: String(index).repeat(64), bytes: 1 })),
    parameters: { ...parameters },
    environment,
    startedAt: at('05:00:00'),
    now: () => at('05:00:00'),
  });
const verdicts = (parameters: object) =>
  made(
    (file) => keys.verdicts('figure-1', 'a'.repeat(20), file),
    keys.latestVerdicts('figure-1'),
    parameters,
  );
const picture = (parameters: object, inputs: string[] = []) =>
  made((file) => keys.figure('1a', 'b'.repeat(20), file), keys.latestFigure('1a'), parameters, inputs);

test('a run names the artifacts that were made from it', async () => {
  await finish(store, bound());
  await picture({ runs: [bound().id] });
  await verdicts({ runs: [bound({ seed: 2 }).id] });

  expect((await lineage()).usedBy).toEqual([`figures/1a/${'b'.repeat(20)}`]);
});

test('the request behind a picture is the one whose verdicts are of its runs; what had ended first was reused', async () => {
  const [old, fresh] = [bound(), bound({ seed: 2 })];
  await finish(store, old, { endedAt: at('01:00:00') });
  await finish(store, fresh, { endedAt: at('04:00:00') });
  await verdicts({ input: { seeds: [1, 2] }, runs: [old.id, fresh.id], stored: 1 });
  const { folder } = await picture({ runs: [fresh.id] });

  const request = await requestOf(store, await readArtifact(store, folder), await readStoredRuns(store));

  expect(request).toEqual({
    artifact: 'figure-1',
    input: { seeds: [1, 2] },
    runs: [old.id, fresh.id],
    reused: [old.id],
  });
});

test('an input that was taken away is gone, and one with other bytes under its key has changed', async () => {
  const { folder } = await picture({}, ['gone.csv', 'changed.csv']);
  await store.putIfAbsent('changed.csv', Buffer.from('other'));

  const inputs = await inputsNow(store, await readArtifact(store, folder));

  expect(inputs.map(({ key, state }) => [key, state])).toEqual([
    ['gone.csv', 'gone'],
    ['changed.csv', 'changed'],
  ]);
});
