import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMemoryStore, type MemoryObject } from '../../../activities/store/memory.ts';
import { layout } from '../../../worker/stack/record.ts';
import { compareDigests, digestsOf, leaks } from './invariants.ts';

const NOTHING = new Set<string>();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rethinking-invariants-'));
  await mkdir(layout(folder).logs);
  await writeFile(layout(folder).credentials, 'the-secret');
  await writeFile(layout(folder).database, 'history of figure1-1');
});
afterEach(() => rm(folder, { recursive: true }));

test('bytes that differ, are missing, or are too many are named', () => {
  expect(
    compareDigests({ same: 'a', other: 'b', gone: 'c' }, { same: 'a', other: 'x', new: 'd' }, NOTHING),
  ).toEqual(['gone is missing', 'new is there and should not be', 'other has other bytes than undisturbed']);
});

test('what was damaged on purpose and nobody has read is not held against the run', () => {
  expect(compareDigests({ images: 'a' }, { images: 'b' }, new Set(['images']))).toEqual([]);
});

test('where a checkpoint lies may differ in an outcome, its numbers may not', async () => {
  const of = async (checkpoint: string, steps: number) => {
    const store = createMemoryStore();
    const outcome = { steps, checkpoint: { key: checkpoint } };
    await store.putIfAbsent('trajectories/t/runs/r/outcome.json', Buffer.from(JSON.stringify(outcome)));
    return (await digestsOf(store, NOTHING)).digests;
  };
  expect(await of('one', 5)).toEqual(await of('other', 5));
  expect(await of('one', 5)).not.toEqual(await of('one', 6));
});

test('an object whose bytes are not those of its digest is a violation', async () => {
  const objects = new Map<string, MemoryObject>();
  const store = createMemoryStore(objects);
  await store.putIfAbsent('figures/1a/x/figure-1a.svg', Buffer.from('<svg/>'));
  objects.get('figures/1a/x/figure-1a.svg')!.bytes = Buffer.from('<sv');
  expect((await digestsOf(store, NOTHING)).violations).toEqual([
    expect.stringContaining('figures/1a/x/figure-1a.svg is damaged'),
  ]);
});

test('a secret in a log or in the database of histories is found', async () => {
  expect(await leaks(folder, 'the-secret', 'figure1-1')).toEqual([]);
  await writeFile(join(layout(folder).logs, 'worker-train.log'), 'env: the-secret');
  expect(await leaks(folder, 'the-secret', 'figure1-1')).toEqual([
    'logs/worker-train.log holds the S3 secret key',
  ]);
});

test('a search that does not find what must be in the histories says that it is blind', async () => {
  expect(await leaks(folder, 'the-secret', 'figure1-2')).toEqual([
    'Temporal’s database does not hold figure1-2: the search for secrets is blind',
  ]);
});
