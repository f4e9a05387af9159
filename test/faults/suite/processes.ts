/** The processes of a suite: each carries its mark in the environment, or names its folder on the command line. */
import { readdirSync, readFileSync } from 'node:fs';

const MARK = 'RETHINKING_FAULTS_MARK';

/** Marks what this process starts from now on. */
export function markDescendants(mark: string): void {
  process.env[MARK] = mark;
}

/** Process id and command line of everything that runs and is ours, without this process. Linux alone: it reads
 *  /proc. */
export function descendants(mark: string, folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim(); // empty: a zombie, or the kernel's
      const ours = command.includes(`${folder}/`) || read(`/proc/${pid}/environ`).includes(`${MARK}=${mark}`);
      return command && ours ? [`${pid} ${command}`] : [];
    });
}

/** Empty when it is gone, or another user's. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
