import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { publish } from '../../../activities/provenance/publish.ts';
import * as keys from '../../../activities/store/keys.ts';
import { createMemoryStore } from '../../../activities/store/memory.ts';
import { findSubjects } from '../../../worker/cli/find.ts';
import { environment } from '../../activities/environment.ts';
import { bound, finish } from '../../activities/plan/generated-runs.ts';

const store = createMemoryStore();
const RUN = { kind: 'run', id: bound().id, trajectoryId: bound().trajectoryId };
const PICTURE = `figures/1a/${'b'.repeat(20)}`;
const VERDICTS = `verdicts/figure-1/${'a'.repeat(20)}`;

const make = (folder: string, bytes: string) =>
  publish(store, {
    keyOf: (file) => `${folder}/${file}`,
    latest: `${folder.slice(0, folder.lastIndexOf('/'))}/latest`,
    files: [{ name: 'file', bytes, contentType: 'text/plain' }],
    title: 'Something',
    about: 'Of a test.',
    inputs: [],
    parameters: {},
    environment,
    startedAt: new Date(0),
    now: () => new Date(0),
  });

beforeAll(async () => {
  await finish(store, bound());
  await make(PICTURE, '<svg/>');
  await make(VERDICTS, '{}');
});

test.for([
  bound().id,
  bound().id.slice(0, 6),
  bound().trajectoryId,
  `train-${bound().id}`,
  keys.weights(bound()),
  `.rethinking/s3/objects/rethinking/${keys.curve(bound())}`,
  keys.checkpoint(bound(), 3, 'abcdef01'),
])('%s is the run', async (target) => {
  expect(await findSubjects(store, target)).toEqual([RUN]);
});

test.for([PICTURE, `${PICTURE}/file`, `${PICTURE}/`, 'b'.repeat(20), 'figure-1a', 'figure1a', 'Figure 1a'])(
  '%s is the picture',
  async (target) => {
    expect(await findSubjects(store, target)).toEqual([
      { kind: 'artifact', folder: PICTURE, latest: PICTURE },
    ]);
  },
);

test('figure-1 is its verdicts', async () => {
  expect(await findSubjects(store, 'figure-1')).toMatchObject([{ folder: VERDICTS }]);
});

test('a file that was copied from the store is what its bytes are an output of', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rethinking-find-'));
  await writeFile(join(folder, 'copy.svg'), '<svg/>');

  expect(await findSubjects(store, join(folder, 'copy.svg'))).toMatchObject([{ folder: PICTURE }]);
  await rm(folder, { recursive: true });
});

test('what the store does not have is refused with what it has', async () => {
  await expect(findSubjects(store, 'figure-9')).rejects.toThrow(
    'The store has nothing called figure-9: expected the id of a run or an artifact (or its first 6 digits), a key, a file that was copied from the store, or one of figure-1, figure-1a.',
  );
});
