/** A process that measures, seen from outside. Between its turns it is stopped, so that threads that wait by spinning
 *  cost the others nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import type { Job } from './job.ts';
import { encodeRun, type Message, parseMessage, Ready } from './protocol.ts';

const STDERR_LINES = 3;

export interface Subject {
  ready: Ready;
  /** Seconds that `steps` steps took. */
  run(steps: number): Promise<number>;
  pause(): void;
  resume(): void;
  /** The most memory that was resident, or null where the system does not tell. */
  peakBytes(): number | null;
  end(): Promise<void>;
}

export interface Program {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/** Starts it and waits until it is ready. Fails with the last lines it wrote when it ends before that. */
export async function startSubject(program: Program, job: Job): Promise<Subject> {
  const { command, args, env } = pinned(program, job.threads);
  const child = spawn(command, [...args, JSON.stringify(job)], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const killed = () => child.kill('SIGKILL'); // a stopped process hears nothing else
  process.once('exit', killed);
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors.push(...text.split('\n').filter((line) => line.trim() !== ''));
    errors.splice(0, errors.length - STDERR_LINES);
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      reject(new Error(`${job.variant} ended with ${signal ?? code}: ${errors.join(' / ')}`)),
    );
  });
  // Both are reported where an answer is awaited.
  ended.catch(() => {});
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Message> => {
    const { value, done } = await Promise.race([lines.next(), ended]);
    return done ? ended : parseMessage(value);
  };

  const first = await answer();
  const ready = Ready.parse('ready' in first ? first.ready : null);
  return {
    ready,
    async run(steps) {
      child.stdin.write(encodeRun(steps));
      const message = await answer();
      if ('seconds' in message) return message.seconds;
      throw new Error(`${job.variant} said that it is ready twice.`);
    },
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    peakBytes: () => peakBytesOf(child),
    async end() {
      process.off('exit', killed);
      child.kill('SIGKILL');
      await ended.catch(() => {});
    },
  };
}

/** On the first cores when there are to be fewer threads than cores: not every framework can be told a number. */
function pinned({ command, args, env }: Program, threads: number): Program {
  const all = { ...env, ...threadVariables(threads) };
  if (threads === availableParallelism()) return { command, args, env: all };
  return { command: 'taskset', args: ['--cpu-list', `0-${threads - 1}`, command, ...args], env: all };
}

export const threadVariables = (threads: number) => ({
  OMP_NUM_THREADS: String(threads),
  TF_NUM_INTRAOP_THREADS: String(threads),
});

function peakBytesOf({ pid }: ChildProcess): number | null {
  try {
    const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch {
    return null; // not Linux
  }
}
