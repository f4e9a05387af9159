/** What makes a second set-up a matter of milliseconds: a fingerprint of all that set-up depends on, written when
 *  it is done. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Whether set-up was done for these inputs, and its results are still there.
 *  @param {import('./paths.mjs').Paths} paths */
export function isComplete(paths) {
  const { temporal, versitygw, installed, stamp } = paths;
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint(paths)) return false;
  // Links are followed: a deleted cache shows here.
  return [temporal, versitygw, installed.binding, installed.lib].every((path) => existsSync(path));
}

/** @param {import('./paths.mjs').Paths} paths */
export const markComplete = (paths) => writeFileSync(paths.stamp, fingerprint(paths));

/** Paths hold the versions, so they are enough beside the lock file.
 *  @param {import('./paths.mjs').Paths} paths */
function fingerprint({ root, tensorflow, binding, temporal, versitygw }) {
  const lockFile = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const cached = { tensorflow, binding: dirname(binding), temporal, versitygw };
  return `${JSON.stringify({ lockFile, ...cached }, null, 2)}\n`;
}
