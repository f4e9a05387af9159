/** A server kept alive: started, asked until it answers, started again when it dies, ended when told. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

// A server that finds its port taken says so and ends within this time; until then the answer may be another's.
const SETTLED_MS = 1_000;
const START_LIMIT_MS = 60_000; // a second is usual; a large database on a busy machine may take longer
const POLL_MS = 25;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 10_000;
const TERM_MS = 3_000;

export interface ServerSpec {
  title: string;
  binary: string;
  args: string[];
  env: Record<string, string>;
  /** Standard output and error are appended to it. */
  log: string;
  healthy(): Promise<boolean>;
}

export interface Server {
  /** Resolves at the first answer; fails with the log's last line when the process ends before. */
  ready: Promise<void>;
  /** SIGTERM, a short wait, SIGKILL. */
  stop(): Promise<void>;
}

interface Running {
  child: ChildProcess;
  /** How it ended: a signal, a code, or why it could not start. */
  ended: Promise<string>;
  alive: boolean;
}

export function keepServer(
  spec: ServerSpec,
  { onPid, onEvent }: { onPid: (pid: number) => void; onEvent: (line: string) => void },
): Server {
  const { title, binary, args, env, log, healthy } = spec;
  let stopping = false;
  let running = launch();
  const ready = untilHealthy(running);
  const kept = ready.then(keep);
  kept.catch(() => {}); // a failed start is told through `ready`

  function launch(): Running {
    const file = openSync(log, 'a');
    const child = spawn(binary, args, { stdio: ['ignore', file, file], env });
    closeSync(file);
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
      child.once('error', ({ message }) => resolve(message));
    });
    const launched: Running = { child, ended, alive: true };
    ended.then(() => {
      launched.alive = false;
    });
    if (child.pid) onPid(child.pid);
    return launched;
  }

  async function untilHealthy(started: Running): Promise<void> {
    for (let waited = 0; started.alive; waited += POLL_MS) {
      if (waited >= SETTLED_MS && (await healthy())) return;
      if (waited >= START_LIMIT_MS) throw new Error(`does not answer after ${START_LIMIT_MS / 1000} s`);
      await sleep(POLL_MS);
    }
    throw new Error(lastLine(log) || (await started.ended));
  }

  async function keep(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    for (;;) {
      const how = await running.ended;
      if (stopping) return;
      onEvent(`${title} ended (${how}): it is started again.`);
      await sleep(backoffMs);
      if (stopping) return;
      running = launch();
      try {
        await untilHealthy(running);
        onEvent(`${title} answers again.`);
        backoffMs = FIRST_BACKOFF_MS;
      } catch {
        running.child.kill('SIGKILL'); // where it hangs
        backoffMs = Math.min(2 * backoffMs, LONGEST_BACKOFF_MS);
      }
    }
  }

  return {
    ready,
    async stop() {
      stopping = true;
      const { child, ended } = running;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), TERM_MS);
      await ended;
      clearTimeout(killer);
    },
  };
}

const lastLine = (log: string): string => readFileSync(log, 'utf8').trimEnd().split('\n').at(-1) ?? '';
