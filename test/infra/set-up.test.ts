/** When set-up has nothing to do, and when it has. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Paths, pathsOf } from '../../infra/setup/paths.mjs';
import { setUp } from '../../infra/setup/set-up.mjs';
import { isComplete, markComplete } from '../../infra/setup/stamp.mjs';

let folder: string;
let paths: Paths;

/** A clone and a cache in which everything is there. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rethinking-setup-'));
  paths = pathsOf(join(folder, 'clone'), { XDG_CACHE_HOME: join(folder, 'cache') });
  for (const file of [paths.binding, paths.temporal, paths.versitygw, paths.installed.binding]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
  mkdirSync(join(paths.tensorflow, 'lib'), { recursive: true });
  mkdirSync(dirname(paths.installed.lib), { recursive: true });
  symlinkSync(join(paths.tensorflow, 'lib'), paths.installed.lib);
  writeLockFile({ 'node_modules/a': { version: '1.0.0' } });
  markComplete(paths);
});

afterEach(() => rmSync(folder, { recursive: true }));

const writeLockFile = (packages: object) =>
  writeFileSync(join(paths.root, 'package-lock.json'), JSON.stringify({ packages }));

test('a second set-up does nothing and says nothing', async () => {
  const before = readdirSync(folder, { recursive: true });

  const worked = await setUp(paths, process.stderr);

  expect(worked).toBe(false);
  expect(readdirSync(folder, { recursive: true })).toEqual(before);
});

test('another lock file asks for another set-up', () => {
  writeLockFile({ 'node_modules/a': { version: '1.0.1' } });

  expect(isComplete(paths)).toBe(false);
});

test('a cache that was deleted asks for another set-up', () => {
  rmSync(paths.tensorflow, { recursive: true });

  expect(isComplete(paths)).toBe(false);
});

test('packages that were deleted ask for another set-up', () => {
  rmSync(paths.modules, { recursive: true });

  expect(isComplete(paths)).toBe(false);
});

test('a clone whose packages are there takes the rest from the cache', async () => {
  rmSync(paths.stamp);
  rmSync(paths.installed.binding);
  // npm's own record of what it installed
  writeFileSync(
    join(paths.modules, '.package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
  );

  const worked = await setUp(paths, process.stderr);

  expect(worked).toBe(true);
  expect(isComplete(paths)).toBe(true);
});
