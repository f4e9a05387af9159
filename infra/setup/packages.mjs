/** The npm packages, as the lock file names them. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runChild } from './child.mjs';

/** @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} LockFile */

/** Whether node_modules holds what the lock file wants. What is optional may be for another platform.
 *  @param {import('./paths.mjs').Paths} paths */
export function packagesMatch({ root, modules }) {
  const wanted = readLockFile(join(root, 'package-lock.json'));
  const found = readLockFile(join(modules, '.package-lock.json'));
  if (!wanted || !found) return false;
  return Object.entries(wanted.packages).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true; // ourselves
    const here = found.packages[path];
    return here ? here.version === version && here.integrity === integrity : optional === true;
  });
}

/** @param {import('./tensorflow.mjs').Context} context
 *  @param {import('./progress.mjs').Report} report */
export async function installPackages({ paths, signal }, report) {
  report.doing('npm ci');
  const [command, ...args] = npm();
  const options = { cwd: paths.root, log: join(paths.logs, 'npm.log'), signal };
  await runChild(command, [...args, 'ci', '--no-audit', '--no-fund', '--ignore-scripts'], options);
}

/** The npm that runs us, else the one on the path.
 *  @returns {[string, ...string[]]} */
export function npm() {
  const running = process.env.npm_execpath;
  return running && basename(running) === 'npm-cli.js' ? [process.execPath, running] : ['npm'];
}

/** @param {string} path
 *  @returns {LockFile | null} */
function readLockFile(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null; // nothing is installed yet
  }
}
