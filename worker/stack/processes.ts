/** Processes that this one did not start: whether they are a stack's, and how they end. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const TERM_MS = 3_000;
const POLL_MS = 20;

/** Whether a process runs whose command line names something in `folder`. A recorded id alone proves nothing: the
 *  process may have ended, and its id may be another's by now. */
export const isOfStack = (pid: number, folder: string): boolean => commandLine(pid).includes(`${folder}/`);

/** SIGTERM, a short wait, SIGKILL. */
export async function endProcess(pid: number, folder: string): Promise<void> {
  if (!isOfStack(pid, folder)) return;
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; isOfStack(pid, folder); waited += POLL_MS) {
    if (waited === TERM_MS) process.kill(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/** Empty when there is no such process. */
function commandLine(pid: number): string {
  try {
    return existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
