/** `npm run clean`: says what lies where and what it would free; with --yes, frees it. With --unused it is what other
 *  versions of the code have left in the cache, and nothing else. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheContents } from './clean/contents.mjs';
import { sizeOf } from './setup/folder-size.mjs';
import { lockOwner } from './setup/lock.mjs';
import { paths } from './setup/paths.mjs';
import { size } from './setup/progress.mjs';

const unused = process.argv.includes('--unused');
const inCache = existsSync(paths.cache)
  ? cacheContents(paths, readdirSync(paths.cache)).map(({ name, ...entry }) => ({
      path: join(paths.cache, name),
      ...entry,
    }))
  : [];
const HERE = [
  {
    path: paths.state,
    holds:
      'trainings, figures and workflow history of the local stack (`npm run gc` says what of it is of no use)',
  },
  { path: paths.compiled, holds: 'compiled code' },
];

const found = unused
  ? inCache.filter(({ used }) => !used)
  : [...inCache, ...HERE.filter(({ path }) => existsSync(path))];
let bytes = 0;
for (const { path, holds } of found) {
  const own = sizeOf(path);
  bytes += own;
  console.log(`${size(own).padStart(8)}  ${path}: ${holds}`);
}

if (found.length === 0) {
  console.log(unused ? 'Nothing in the cache is of another version.' : 'There is nothing to free.');
} else if (!process.argv.includes('--yes')) {
  const all = `npm run clean -- ${unused ? '--unused ' : ''}--yes`;
  console.log(
    `\`${all}\` frees all of this, ${size(bytes)}. node_modules and the caches of npm and Go stay.`,
  );
  if (!unused && inCache.some(({ used }) => !used)) {
    console.log(
      '`npm run clean -- --unused --yes` frees what is of another version alone; another clone may use it.',
    );
  }
} else if (lockOwner(paths.lock) || (!unused && lockOwner(join(paths.state, 'leash.pid')))) {
  console.error('A set-up or the local stack is running: stop it first.');
  process.exitCode = 1;
} else {
  for (const { path } of found) rmSync(path, { recursive: true, force: true });
  if (!unused) rmSync(paths.cache, { recursive: true, force: true });
  console.log(`Freed ${size(bytes)}.`);
}
