/** One leash a folder: a file with its process id, made in one step, and recognised as stale when no such process
 *  of this folder runs. */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOfStack } from './processes.ts';
import { layout } from './record.ts';

const SETTLE_MS = 100;

/** False when another leash owns the folder. */
export async function takeLock(folder: string): Promise<boolean> {
  const { lock } = layout(folder);
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  let stale = false;
  try {
    while (!linked(mine, lock)) {
      const owner = ownerOf(lock);
      if (owner !== process.pid && isOfStack(owner, folder)) return false;
      rmSync(lock, { force: true });
      stale = true;
    }
  } finally {
    rmSync(mine);
  }
  // Another one that saw the same stale lock may have removed ours in its stead.
  if (stale) await sleep(SETTLE_MS);
  return ownerOf(lock) === process.pid;
}

/** The process id of the leash that owns the folder and runs, or null. */
export function leashOf(folder: string): number | null {
  const owner = ownerOf(layout(folder).lock);
  return isOfStack(owner, folder) ? owner : null;
}

export const releaseLock = (folder: string): void => rmSync(layout(folder).lock, { force: true });

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** 0 when there is no lock, or an empty one. */
function ownerOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}
