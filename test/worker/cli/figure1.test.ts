/** The command as a user types it: what cannot be meant ends with one sentence and exit code 2, before anything starts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecord } from '../../../worker/stack/record.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rethinking-cli-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function figure1(...args: string[]) {
  return figure1With({}, ...args);
}

function figure1With(environment: NodeJS.ProcessEnv, ...args: string[]) {
  const main = new URL('../../../dist/worker/cli/main.js', import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'figure1', ...args], {
    cwd: home,
    env: { ...process.env, RETHINKING_HOME: home, ...environment },
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}`.trim(), left: readdirSync(home) };
}

test.for([
  [
    ['--models', 'inceptoin'],
    /^reproduceFigure1 cannot run with this input: models\.0 "inceptoin" is none of /,
  ],
  [
    ['--corruption-levels', '0,1.5'],
    /^reproduceFigure1 cannot run with this input: corruptionLevels\.1 1\.5 is above 1\.$/,
  ],
  [['--profile', 'fast'], /profile "fast" is none of smoke, quick, paper\.$/],
  [['--seeds', 'one'], /'one' is not a number\.$/],
  [['--dataset', 'mnist'], /the paper’s networks take CIFAR-10: cifar10 or procedural\.$/],
  [['--bogus'], /unknown option '--bogus'$/],
] as const)('%s is refused in one sentence, and nothing is started', ([args, sentence]) => {
  const { status, said, left } = figure1(...args);
  expect(said).toMatch(sentence);
  expect(said.split('\n')).toHaveLength(1);
  expect(status).toBe(2);
  expect(left).toEqual([]);
});

test('an archive that does not exist is named, and nothing is started', () => {
  const { status, said, left } = figure1('--data', 'nowhere.tar');
  expect(said).toBe(
    'nowhere.tar does not exist: --data takes an archive (binary or python tar.gz, or a tar of class folders) or a URL.',
  );
  expect(status).toBe(1);
  expect(left).toEqual([]);
});

test('a GPU that is asked for and not there ends the command with one sentence, and nothing runs on', () => {
  // The name hides the GPUs of whatever machine this is.
  const without = { RETHINKING_DEVICE: 'gpu', CUDA_VISIBLE_DEVICES: 'none' };

  const { status, said } = figure1With(without, '--profile', 'smoke', '--dataset', 'procedural');

  const lines = said.split('\n').filter((line) => !line.startsWith('Port ')); // another stack may run here
  expect(lines).toEqual([
    expect.stringMatching(/^No training will start: .* or set RETHINKING_DEVICE=cpu to train on the CPU\.$/),
  ]);
  expect(status).toBe(1);
  expect(readRecord(join(home, '.rethinking'))).toBeNull(); // the servers have ended
});
