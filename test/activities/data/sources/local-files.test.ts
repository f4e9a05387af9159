import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFiles } from '../../../../activities/data/sources/open-files.ts';

const { signal } = new AbortController();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function listOf(source: string) {
  const listed = [];
  for await (const file of openFiles(source).list(signal)) listed.push(file);
  return listed;
}

test('files below a folder are listed with their sizes, links followed', async () => {
  await mkdir(join(folder, 'train', 'cat'), { recursive: true });
  await writeFile(join(folder, 'train', 'cat', '1.jpg'), 'abc');
  await writeFile(join(folder, 'blob'), 'abcde');
  await symlink(join(folder, 'blob'), join(folder, 'train', 'linked.tar'));
  const listed = await listOf(folder);
  expect(listed.map(({ path, bytes }) => `${path} ${bytes}`).sort()).toEqual([
    'blob 5',
    'train/cat/1.jpg 3',
    'train/linked.tar 5',
  ]);
});

test('a file has another version after it was written again', async () => {
  await writeFile(join(folder, 'a.tar'), 'abc');
  const [before] = await listOf(folder);
  await new Promise((later) => setTimeout(later, 20)); // more than the file system's clock may lag
  await writeFile(join(folder, 'a.tar'), 'abd');
  const [after] = await listOf(folder);
  expect(after!.version).not.toBe(before!.version);
});

test('a piece is read from the middle, and ends with its file', async () => {
  await writeFile(join(folder, 'a.tar'), '0123456789');
  const files = openFiles(folder);
  expect((await files.read('a.tar', { offset: 3, bytes: 4 }, signal)).toString()).toBe('3456');
  expect((await files.read('a.tar', { offset: 8, bytes: 4 }, signal)).toString()).toBe('89');
});

test('a folder that is not there, a file in its place and a file that went away are refused by name', async () => {
  await writeFile(join(folder, 'a.tar'), 'abc');
  await expect(listOf(join(folder, 'b'))).rejects.toThrow(
    '/b does not exist on this worker: expected a folder',
  );
  await expect(listOf(join(folder, 'a.tar'))).rejects.toThrow('/a.tar is not a folder: expected a folder');
  await expect(openFiles(folder).read('c.tar', { offset: 0, bytes: 1 }, signal)).rejects.toMatchObject({
    type: 'DatasetUnavailable',
    message: expect.stringContaining('/c.tar cannot be opened'),
  });
});
