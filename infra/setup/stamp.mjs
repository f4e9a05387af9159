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

/** Which flavour of TensorFlow's library set-up chose last; null before the first one.
 *  @param {string} stamp
 *  @returns {import('./flavour.mjs').Choice | null} */
export function rememberedChoice(stamp) {
  try {
    const { flavour, told } = JSON.parse(readFileSync(stamp, 'utf8'));
    return flavour === 'cpu' || flavour === 'cuda' ? { flavour, told: told === true } : null;
  } catch {
    return null; // nothing was set up yet, or only half
  }
}

/** @param {import('./paths.mjs').Paths} paths */
export const markComplete = (paths) => writeFileSync(paths.stamp, fingerprint(paths));

/** Paths hold the versions, so they are enough beside the lock file.
 *  @param {import('./paths.mjs').Paths} paths */
function fingerprint({ root, choice, tensorflow, binding, temporal, versitygw }) {
  const lockFile = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const cached = { tensorflow, binding: dirname(binding), temporal, versitygw };
  return `${JSON.stringify({ ...choice, lockFile, ...cached }, null, 2)}\n`;
}
