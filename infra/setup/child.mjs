/** Other programs, run to their end with their output in a log. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupFailure } from './failure.mjs';

const TAIL_LINES = 12;

/** @param {string} command
 *  @param {string[]} args
 *  @param {{ log: string, signal: AbortSignal, cwd?: string, env?: NodeJS.ProcessEnv }} options
 *  @throws {SetupFailure} with the end of the log */
export async function runChild(command, args, { log, signal, cwd, env }) {
  signal.throwIfAborted();
  mkdirSync(dirname(log), { recursive: true });
  rmSync(log, { force: true });
  const out = openSync(log, 'a');
  try {
    const child = spawn(command, args, { stdio: ['ignore', out, out], cwd, env: { ...process.env, ...env } });
    const end = () => child.kill();
    signal.addEventListener('abort', end); // spawn's own option does not wait for the child to be gone
    const [code, killedBy] = await once(child, 'exit');
    signal.removeEventListener('abort', end);
    if (code === 0) return;
    const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n  ');
    const ending = killedBy ? `was ended by ${killedBy}` : `ended with ${code}`;
    throw new SetupFailure(
      `\`${command} ${args.join(' ')}\` ${ending}; all of its output is in ${log}:\n  ${tail}`,
    );
  } finally {
    closeSync(out);
  }
}

/** The first line a command prints, or null when it is not there or fails.
 *  @param {string} command
 *  @param {string[]} args
 *  @param {NodeJS.ProcessEnv} [env] */
export function firstLine(command, args, env = process.env) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? (stdout.trim().split('\n')[0] ?? '') : null;
}
