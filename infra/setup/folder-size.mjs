/** How much a folder holds, on the disk. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const LOOK_MS = 300;
const BLOCK_BYTES = 512; // the unit of st_blocks

/** 0 when there is none; files that go while we look count nothing.
 *  @param {string} path
 *  @returns {number} bytes */
export function sizeOf(path) {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  const own = found.blocks * BLOCK_BYTES;
  if (!found.isDirectory()) return own;
  return own + readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

/** Reports a folder's size while something fills it.
 *  @template T
 *  @param {string} folder
 *  @param {number} total bytes
 *  @param {import('./progress.mjs').Report} report
 *  @param {() => Promise<T>} work */
export async function watchGrowth(folder, total, report, work) {
  const timer = setInterval(() => report.moved(sizeOf(folder), total), LOOK_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
