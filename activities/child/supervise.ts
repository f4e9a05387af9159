/** Work in a process of its own, over IPC: native calls would starve this process of heartbeats, and memory comes back
 *  when it ends. The child gets one order and, when the attempt is to end, `{ kind: 'stop' }`; it reports progress and,
 *  last, how it ended. It ends by itself when the channel closes. */
import { once } from 'node:events';
import { Failure, type FailureType } from '../failure/failure.ts';
import type { Store } from '../store/store.ts';

/** outcome: `ok`, or what it failed of. */
export interface StoreCall {
  operation: keyof Store;
  seconds: number;
  outcome: 'ok' | FailureType | 'Error';
}

/** What a child measures of itself, where somebody reads metrics. bytes: resident. */
export type Measured = { kind: 'memory'; bytes: number } | { kind: 'store'; call: StoreCall };

export type ChildReport<Progress, End> =
  | { kind: 'progress'; progress: Progress }
  | Measured
  | ({ kind: 'ended' } & End)
  /** Anything but a Failure is a `TrainerError`, with its stack. */
  | { kind: 'failed'; type: FailureType | 'TrainerError'; message: string };

/** What is needed of a process that was forked. */
export interface Child extends NodeJS.EventEmitter {
  /** Undefined when it could not be started. */
  readonly pid?: number | undefined;
  /** Both null while it is there. */
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  readonly connected: boolean;
  send(message: object): boolean;
  kill(signal: 'SIGKILL'): boolean;
}

/** What is needed of an activity's attempt. */
export interface Attempt {
  heartbeat(details: unknown): void;
  cancellationSignal: AbortSignal;
}

/** What the child ended with, once it is gone. name: what sentences call it; known: the heartbeat of the attempt before.
 *  Fails with TrainerDied when the child did, and with what it failed of. */
export async function supervise<End>(
  child: Child,
  { name, order, attempt, known }: { name: string; order: object; attempt: Attempt; known: unknown },
): Promise<End> {
  const send = (message: object) => child.connected && child.send(message);
  let latest = known;
  const beat = setInterval(() => attempt.heartbeat(latest), 1000);
  const stop = () => send({ kind: 'stop' });
  attempt.cancellationSignal.addEventListener('abort', stop);
  try {
    const ended = lastReport<End>(child, name, (progress) => {
      latest = progress;
      attempt.heartbeat(progress);
    });
    send(order);
    return await ended;
  } finally {
    clearInterval(beat);
    attempt.cancellationSignal.removeEventListener('abort', stop);
    child.kill('SIGKILL'); // it has said its last word, or this attempt has no say any more
    await gone(child); // the next one wants the device, and its memory, for itself
  }
}

async function gone(child: Child): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  await once(child, 'exit');
}

function lastReport<End>(child: Child, name: string, onProgress: (progress: unknown) => void): Promise<End> {
  return new Promise((resolve, reject) => {
    child.on('message', (report: ChildReport<unknown, End>) => {
      if (report.kind === 'progress') onProgress(report.progress);
      else if (report.kind === 'failed') reject(failureOf(report));
      else if (report.kind === 'ended') resolve(report);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(
        new Failure(
          'TrainerDied',
          `The ${name} process ended with ${signal ?? `code ${code}`} before it had finished; ` +
            'the next attempt goes on from the newest checkpoint.',
        ),
      ),
    );
  });
}

function failureOf({ type, message }: Extract<ChildReport<unknown, unknown>, { kind: 'failed' }>): Error {
  return type === 'TrainerError' ? new Error(message) : new Failure(type, message);
}
