/** `npm run clean`: says what it would free; with --yes, frees it. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sizeOf } from './setup/folder-size.mjs';
import { lockOwner } from './setup/lock.mjs';
import { paths } from './setup/paths.mjs';
import { size } from './setup/progress.mjs';

const WHAT = [
  { path: paths.cache, holds: 'TensorFlow and the servers, shared by every clone' },
  { path: paths.state, holds: 'trainings, figures and workflow history of the local stack' },
  { path: paths.compiled, holds: 'compiled code' },
];

const found = WHAT.filter(({ path }) => existsSync(path));
for (const { path, holds } of found) console.log(`${size(sizeOf(path)).padStart(8)}  ${path}: ${holds}`);

if (found.length === 0) {
  console.log('There is nothing to free.');
} else if (!process.argv.includes('--yes')) {
  console.log('`npm run clean -- --yes` frees all of this. node_modules and the caches of npm and Go stay.');
} else if (lockOwner(paths.lock) || lockOwner(join(paths.state, 'leash.pid'))) {
  console.error('A set-up or the local stack is running: stop it first.');
  process.exitCode = 1;
} else {
  for (const { path } of found) rmSync(path, { recursive: true });
  console.log('Freed.');
}
