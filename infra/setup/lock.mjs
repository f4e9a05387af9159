/** One set-up at a time in a cache: a file with the process id, made in one step together with its content. A lock
 *  whose process is gone is taken over. Two that take over the same one at the same moment may both go on: that
 *  costs work and nothing else, because everything enters the cache by one rename. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ASK_AGAIN_MS = 200;

/** Waits while another set-up runs.
 *  @param {string} file
 *  @param {(owner: number) => void} onWait called once, when there is a wait
 *  @returns {Promise<() => void>} gives the lock back */
export async function takeLock(file, onWait) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    for (let waited = false; !linked(mine, file); ) {
      const owner = ownerOf(file);
      if (owner === 0 || owner === process.pid || !isAlive(owner)) {
        rmSync(file, { force: true });
        continue;
      }
      if (!waited) onWait(owner);
      waited = true;
      await sleep(ASK_AGAIN_MS);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => {
    if (ownerOf(file) === process.pid) rmSync(file, { force: true });
  };
}

/** The process that sets up now, or 0.
 *  @param {string} file */
export function lockOwner(file) {
  const owner = ownerOf(file);
  return owner !== 0 && isAlive(owner) ? owner : 0;
}

/** @param {string} file */
function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0; // given back between two looks
  }
}

/** @param {string} from
 *  @param {string} to */
function linked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'; // somebody else's
  }
}
