import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, type FailureType } from '../activities/failure/failure.ts';

type Role = 'light' | 'train';

/** What a worker process says to the command that started it. */
type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'failed'; message: string }
  /** Another one would find the same. */
  | { kind: 'refused'; type: FailureType; message: string };

export interface Workers {
  /** Undefined in the second between two processes. */
  pid(role: Role): number | undefined;
  /** Rejects when nothing can train here: a GPU is missing. */
  refused: Promise<never>;
  /** Lets trainings checkpoint, then ends the processes. */
  stop(): Promise<void>;
}

/** Seconds on the local stack, where a dead process is a few milliseconds away. */
const LOCAL_LIMITS = { RETHINKING_HEARTBEAT_SECONDS: '10' };

const RESTART_AFTER_MS = 1000;
const LOG_BYTES = 10e6;

/** Goes on with a log, or begins another one when it has grown long; the one before is kept beside it. */
function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(path, `${path}.before`);
  return openSync(path, 'a');
}

/** One worker process a role, started again when it dies. They are in process groups of their own, so that Ctrl-C
 *  reaches them through us and in order; they end when our end of the channel closes, also when we are killed. */
export function startWorkers({
  logs,
  variables,
  onEvent,
}: {
  logs: string;
  /** Where Temporal and S3 are, in the standard variables; wins over this process's own environment. While it is being
   *  found out, the processes load their code. */
  variables: Record<string, string> | Promise<Record<string, string>>;
  onEvent: (line: string) => void;
}): Workers {
  mkdirSync(logs, { recursive: true });
  let stopping = false;
  let refuse: ((why: Failure) => void) | undefined;
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  refused.catch(() => {}); // a command that only shows something does not wait for it
  const running = new Map<Role, ChildProcess>();
  const start = (role: Role) => {
    const log = openLog(join(logs, `worker-${role}.log`));
    const worker = fork(join(import.meta.dirname, 'main.js'), [role], {
      env: { ...LOCAL_LIMITS, ...process.env, RETHINKING_SERVICES: 'told', TF_CPP_MIN_LOG_LEVEL: '2' },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    running.set(role, worker);
    Promise.resolve(variables).then(
      (told) => worker.connected && worker.send(told),
      () => worker.kill(), // there are no services; whoever looks for them says why
    );
    let again = true;
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'failed') onEvent(`The ${role} worker ended: ${message.message}`);
      if (message.kind !== 'refused') return;
      again = false; // another one would find the same
      refuse?.(new Failure(message.type, message.message));
    });
    // After its last message, which 'exit' may overtake.
    worker.once('close', (code, signal) => {
      running.delete(role);
      if (stopping || !again) return;
      onEvent(`The ${role} worker ended (${signal ?? `code ${code}`}); another one takes over.`);
      setTimeout(() => !stopping && start(role), RESTART_AFTER_MS);
    });
  };
  start('light');
  start('train');
  return {
    pid: (role) => running.get(role)?.pid,
    refused,
    async stop() {
      stopping = true;
      await Promise.all(
        [...running.values()].map(async (worker) => {
          worker.kill('SIGTERM');
          await once(worker, 'close');
        }),
      );
    },
  };
}
