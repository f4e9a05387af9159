/** A disk of our own, small enough to be filled: a tmpfs over the stack's folder, in a mount namespace that belongs to a
 *  user namespace (`infra/faults.mjs` enters both), so that nobody has to be root and nobody else sees it. What the
 *  servers are told is the kernel's own ENOSPC. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// A round of two models leaves some 400 MB.
const DISK = '1g';
const BLOCK = Buffer.alloc(2 ** 20);

export const mountDisk = (folder: string) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0700`, 'tmpfs', folder]);

/** Not a byte is left for as long. */
export async function fillDisk(folder: string, forMs: number): Promise<void> {
  const ballast = join(folder, 'ballast');
  const file = openSync(ballast, 'w');
  const until = performance.now() + forMs;
  try {
    while (performance.now() < until) {
      fill(file);
      await sleep(20); // what somebody gave back meanwhile is taken too
    }
  } finally {
    closeSync(file);
    rmSync(ballast);
  }
}

function fill(file: number): void {
  for (let size = BLOCK.length; size > 0; ) {
    try {
      writeSync(file, BLOCK, 0, size);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      size >>= 1;
    }
  }
}
