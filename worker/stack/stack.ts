/** The local stack: a Temporal dev server on an SQLite file and an S3 server on a folder, both on loopback. What runs
 *  already in a folder is used, what is missing is started, and what was started ends with this process, however
 *  it ends. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../activities/failure/failure.ts';
import { createS3Store } from '../../activities/store/s3.ts';
import { leashOf } from './lock.ts';
import { LeashMessage } from './message.ts';
import { layout, readCredentials, readRecord, type StackRecord } from './record.ts';
import { NAMESPACE, s3Answers, temporalAnswers } from './servers.ts';

const BUCKET = 'rethinking';
const REGION = 'us-east-1'; // an S3 server of one's own has no regions, but a signature names one
// A server that died is back within two seconds.
const ANSWER_LIMIT_MS = 15_000;
const POLL_MS = 50;

export interface Stack {
  temporal: { address: string; uiUrl: string; namespace: string };
  s3: { endpoint: string; region: string; bucket: string; accessKeyId: string; secretAccessKey: string };
  /** Whether another command started it; then that command ends it. */
  reused: boolean;
  /** Whether it has no workers and ends soon. */
  looking: boolean;
  /** The servers' processes as they are now. */
  pids(): { temporal: number; s3: number };
  /** Ends what was started here: SIGTERM, a short wait, SIGKILL. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Data, logs, credentials and ports; made when missing. */
  folder: string;
  temporalBinary: string;
  versitygwBinary: string;
  /** For a command that only looks: without workers, so that others wait for its end. */
  looking?: boolean;
  /** What a person should know: a port that is taken, a server that died. */
  onEvent(line: string): void;
}

/** The stack of a folder, running. Fails with StoreUnreachable, in one sentence, when it cannot start. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = resolve(options.folder);
  mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 });
  const found = await findWorkingStack(folder);
  if (found) return found;

  const leash = await keepLeash(folder, options);
  if (!leash) {
    const other = await findStack(folder); // another command was first
    if (other) return other.looking ? startStack(options) : other;
    throw new Failure('StoreUnreachable', `The local stack in ${folder} ended while it started: try again.`);
  }
  const stack = describe(folder);
  try {
    const { bucket, endpoint, region, accessKeyId, secretAccessKey } = stack.s3;
    await createS3Store({ bucket, endpoint, region, credentials: { accessKeyId, secretAccessKey } }).probe();
  } catch (error) {
    await leash.stop();
    throw error;
  }
  return { ...stack, looking: options.looking ?? false, reused: false, stop: leash.stop };
}

/** The stack that runs in a folder and answers, or null. One that is just starting is waited for. */
export async function findStack(atFolder: string): Promise<Stack | null> {
  const folder = resolve(atFolder);
  for (let waited = 0; ; waited += POLL_MS) {
    const leash = leashOf(folder);
    if (!leash) return null;
    const record = readRecord(folder);
    if (record?.leash === leash && (await answers(record))) {
      const { looking = false } = record;
      return { ...describe(folder), looking, reused: true, stop: async () => {} };
    }
    if (waited >= ANSWER_LIMIT_MS) {
      throw new Failure(
        'StoreUnreachable',
        `The local stack in ${folder} does not answer: end process ${leash} and start again; its logs are in ${layout(folder).logs}.`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** The stack that runs in a folder for work. One whose command only looks has no workers: its end is waited for. */
export async function findWorkingStack(folder: string): Promise<Stack | null> {
  for (;;) {
    const stack = await findStack(folder);
    if (!stack?.looking) return stack;
    await sleep(POLL_MS);
  }
}

async function answers({ ports }: StackRecord): Promise<boolean> {
  const both = await Promise.all([temporalAnswers(ports.ui), s3Answers(ports.s3)]);
  return both.every(Boolean);
}

function describe(folder: string): Pick<Stack, 'temporal' | 's3' | 'pids'> {
  const recorded = () => {
    const record = readRecord(folder);
    if (record) return record;
    throw new Failure('StoreUnreachable', `The local stack in ${folder} has ended.`);
  };
  const { ports } = recorded();
  return {
    temporal: {
      address: `127.0.0.1:${ports.temporal}`,
      uiUrl: `http://127.0.0.1:${ports.ui}`,
      namespace: NAMESPACE,
    },
    s3: {
      endpoint: `http://127.0.0.1:${ports.s3}`,
      region: REGION,
      bucket: BUCKET,
      ...readCredentials(folder),
    },
    pids() {
      const { temporal, s3 } = recorded().pids;
      return { temporal: temporal ?? 0, s3: s3 ?? 0 };
    },
  };
}

/** Starts a leash, and another one when it is killed. Null when the folder is another leash's. */
async function keepLeash(folder: string, options: StackOptions): Promise<{ stop(): Promise<void> } | null> {
  const { temporalBinary, versitygwBinary, onEvent } = options;
  let stopping = false;

  const launch = () => {
    const log = openSync(join(layout(folder).logs, 'leash.log'), 'w');
    const child = fork(
      join(import.meta.dirname, 'leash.js'),
      [`${folder}/`, temporalBinary, versitygwBinary, ...(options.looking ? ['looking'] : [])],
      // A group of its own: Ctrl-C in a terminal is the parent's, which ends things in order.
      { stdio: ['ignore', log, log, 'ipc'], detached: true, execArgv: [] },
    );
    closeSync(log);
    const ended = once(child, 'exit');
    const started = new Promise<'ready' | 'owned'>((resolveStart, reject) => {
      child.on('message', (data) => {
        const message = LeashMessage.parse(data);
        if (message.kind === 'event') onEvent(message.line);
        else if (message.kind === 'failed') reject(new Failure('StoreUnreachable', message.message));
        else resolveStart(message.kind);
      });
      child.once('exit', () =>
        reject(
          new Failure('StoreUnreachable', `The local stack did not start: look into ${layout(folder).logs}.`),
        ),
      );
    });
    return { child, ended, started };
  };

  let leash = launch();
  if ((await leash.started) === 'owned') return null;

  const keep = async () => {
    for (;;) {
      await leash.ended;
      if (stopping) return;
      onEvent('The process that keeps the local stack ended: another one takes over.');
      leash = launch();
      await leash.started;
    }
  };
  const kept = keep().catch((error: Error) => onEvent(error.message));

  return {
    async stop() {
      stopping = true;
      if (leash.child.connected) leash.child.disconnect();
      await kept;
    },
  };
}
