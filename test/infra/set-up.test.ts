/** When set-up has nothing to do, and when it has. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Paths, pathsOf, root } from '../../infra/setup/paths.mjs';
import { refuseOldDriver, setUp } from '../../infra/setup/set-up.mjs';
import { isComplete, markComplete, rememberedChoice } from '../../infra/setup/stamp.mjs';

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

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const writeLockFile = (packages: object) =>
  writeFileSync(join(paths.root, 'package-lock.json'), JSON.stringify({ packages }));

/** npm's own record of what it installed. */
const writePackages = () =>
  writeFileSync(
    join(paths.modules, '.package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
  );

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
  writePackages();

  const worked = await setUp(paths, process.stderr);

  expect(worked).toBe(true);
  expect(isComplete(paths)).toBe(true);
});

test('the flavour of TensorFlow is remembered', () => {
  expect(rememberedChoice(paths.stamp)).toEqual({ flavour: 'cpu', told: false });
  const asked = pathsOf(
    paths.root,
    { XDG_CACHE_HOME: join(folder, 'cache') },
    { flavour: 'cuda', told: true },
  );

  expect(isComplete(asked)).toBe(false); // and so it is brought
  markComplete(asked);

  expect(rememberedChoice(paths.stamp)).toEqual({ flavour: 'cuda', told: true });
  expect(isComplete(asked)).toBe(true);
});

test.each(['', '{', '{"flavour":"tpu"}', '{"lockFile":"of an older set-up"}'])(
  'nothing is remembered of a stamp that says %j',
  (text) => {
    writeFileSync(paths.stamp, text);

    expect(rememberedChoice(paths.stamp)).toBeNull();
  },
);

test.runIf(process.platform === 'linux' && process.arch === 'x64').each([
  [{ flavour: 'cpu', told: false } as const, 'Set-up fetches about 274 MB and keeps 853 MB in '],
  [{ flavour: 'cuda', told: true } as const, 'Set-up fetches about 3.4 GB and keeps 5.7 GB in '],
])('what a missing library costs is said before it is fetched: %j', async (choice, announcement) => {
  writePackages();
  const asked = pathsOf(paths.root, { XDG_CACHE_HOME: join(folder, 'cache') }, choice);
  rmSync(paths.tensorflow, { recursive: true });
  // A Python whose pip answers and has no network.
  const python = '#!/bin/sh\nfor last; do :; done\n[ "$last" = --version ]\n';
  writeFileSync(join(folder, 'python3'), python, { mode: 0o755 });
  vi.stubEnv('PATH', folder);
  const said: string[] = [];
  const out = { write: (text: string) => said.push(text) } as unknown as NodeJS.WriteStream;

  await expect(setUp(asked, out)).rejects.toThrow(/pip download|make room/);

  expect(said.join('')).toContain(announcement);
});

test('a driver that is too old for CUDA 12 is named with the one that is needed', () => {
  expect(() => refuseOldDriver('470.82.01')).toThrow(
    'The NVIDIA driver here is 470.82.01 and CUDA 12 needs 525.60.13 or later: update it, or set up for the CPU with `npm run setup -- --cpu`.',
  );
});

test.each(['525.60.13', '550.54.15', null])('driver %s goes through', (version) => {
  expect(() => refuseOldDriver(version)).not.toThrow();
});

test.each([[['--tpu']], [['--gpu', '--cpu']]])('%j is not something that set-up takes', (flags) => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'infra', 'setup.mjs'), ...flags], {
    encoding: 'utf8',
  });

  expect(stderr).toBe(`Set-up takes --gpu or --cpu, not ${flags.join(' ')}.\n`);
  expect(status).toBe(2);
});
