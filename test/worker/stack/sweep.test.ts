import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepUploads } from '../../../worker/stack/sweep.ts';

test('unfinished uploads go, objects stay, also those whose names look alike', async () => {
  const objects = await mkdtemp(join(tmpdir(), 'rethinking-sweep-'));
  const rubbish = [
    'bucket/.sgwtmp/0a1b.12345',
    'bucket/.sgwtmp/multipart/0a1b/upload-id/1',
    'bucket/figures/1a/.figure-1a.svg.sgwtmp.1795488000000000000',
  ];
  const kept = ['bucket/figures/1a/figure-1a.svg', 'bucket/notes.sgwtmp.1', 'other/.hidden'];
  for (const name of [...rubbish, ...kept]) {
    await mkdir(dirname(join(objects, name)), { recursive: true });
    await writeFile(join(objects, name), 'bytes');
  }

  const swept = await sweepUploads(objects);

  const left = await readdir(objects, { recursive: true, withFileTypes: true });
  expect(swept).toBe(3);
  expect(
    left.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name)),
  ).toEqual(expect.arrayContaining(kept.map((name) => join(objects, name))));
  expect(left.filter((entry) => entry.isFile())).toHaveLength(3);
  await rm(objects, { recursive: true });
});
