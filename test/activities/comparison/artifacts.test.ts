import { expect, test } from 'vitest';
import { compareArtifacts } from '../../../activities/comparison/artifacts.ts';
import type { Verdict } from '../../../activities/contract.ts';
import { publish } from '../../../activities/provenance/publish.ts';
import * as keys from '../../../activities/store/keys.ts';
import { createMemoryStore } from '../../../activities/store/memory.ts';
import type { Store } from '../../../activities/store/store.ts';
import { environment } from '../environment.ts';

const verdict = (changes: Partial<Verdict> = {}): Verdict => ({
  claim: 'figure-1a.fits',
  published: 'it fits',
  measured: '100 %',
  kind: 'reproduced',
  agrees: true,
  reason: 'seen',
  ...changes,
});

/** Verdicts as the activity keeps them. */
const judged = (store: Store, id: string, one: Verdict, commit: string) =>
  publish(store, {
    keyOf: (file) => keys.verdicts('figure-1', id, file),
    latest: keys.latestVerdicts('figure-1'),
    files: [
      { name: 'verdicts.json', bytes: JSON.stringify({ verdicts: [one] }), contentType: 'application/json' },
    ],
    title: 'Verdicts on Figure 1',
    about: 'Of a test.',
    inputs: [],
    parameters: { input: { profile: 'smoke' }, runs: [id] },
    environment: { ...environment, code: { ...environment.code, commit } },
    startedAt: new Date(0),
    now: () => new Date(0),
  });

test('two nights’ verdicts: what flipped, which runs, which code', async () => {
  const store = createMemoryStore();
  const one = await judged(store, 'a'.repeat(20), verdict(), 'aaa');
  const other = await judged(store, 'b'.repeat(20), verdict({ kind: 'off' }), 'bbb');

  expect(await compareArtifacts(store, [one.folder, other.folder])).toMatchObject({
    settings: [],
    runs: { one: ['a'.repeat(20)], other: ['b'.repeat(20)] },
    computedWith: [{ field: 'rethinking-generalization', one: '0.1.0 (commit aaa)' }],
    files: ['verdicts.json'],
    verdicts: [{ of: 'verdict', what: 'figure-1a.fits', alert: true }],
    claims: { one: [], other: [] },
  });
});
