/** Compiles what runs into dist/ when a source is not the one that was compiled last. Tests are not compiled: an
 *  error in one stops no run. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT = 'tsconfig.build.json';
const SOURCES = [
  'workflows',
  'activities',
  'worker',
  'infra/device',
  'package.json',
  'tsconfig.json',
  PROJECT,
];

/** @param {import('./setup/paths.mjs').Paths} paths
 *  @returns {boolean} false when there are type errors, which the compiler has printed */
export function compile({ root, modules, compiled }) {
  const mark = join(compiled, '.sources.json');
  const sources = JSON.stringify(SOURCES.flatMap((name) => describe(join(root, name))));
  if (read(mark) === sources) return true;
  const tsc = join(modules, 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', PROJECT], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) return false;
  mkdirSync(compiled, { recursive: true });
  writeFileSync(mark, sources);
  return true;
}

/** @param {string} path
 *  @returns {[string, number, number][]} */
function describe(path) {
  const found = statSync(path);
  if (found.isFile()) return [[path, found.mtimeMs, found.size]];
  return readdirSync(path).flatMap((name) => describe(join(path, name)));
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // nothing has been compiled yet
  }
}
