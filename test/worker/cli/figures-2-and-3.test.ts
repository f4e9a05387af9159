/** The commands of Figures 2 and 3 and of Theorem 1 as a user types them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rethinking-cli-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test.for([
  ['figure2', ['--models', 'alexnet'], /unknown option '--models'$/],
  ['figure2', ['--profile', 'fast'], /profile "fast" is none of smoke, quick, paper\.$/],
  ['figure3', ['--model', 'resnet'], /Allowed choices are inception, .*mlp-1x512\.$/],
  // It trains nothing, so there is no scale to choose.
  ['figure3', ['--profile', 'quick'], /unknown option '--profile'$/],
  ['theorem1', ['--precision', 'tf32'], /unknown option '--precision'$/],
  ['theorem1', ['--labels', 'wrong'], /Allowed choices are true, random, real\.$/],
  [
    'theorem1',
    ['--generated', '9', '--data', 'x.tar'],
    /'--generated <number>' cannot be used with option '--data/,
  ],
  ['theorem1', ['--points', '0.5'], /points 0\.5 is not of type int\.$/],
  ['table3', ['--rows', 'imagenet'], /rows\.0 "imagenet" is none of mnist\.none, .*\.$/],
] as const)('%s %s is refused in one sentence, and nothing is started', ([command, args, sentence]) => {
  const { status, said } = type(command, ...args);
  expect(said).toMatch(sentence);
  expect(said.split('\n')).toHaveLength(1);
  expect(status).toBe(2);
  expect(readdirSync(home)).toEqual([]);
});

test('a folder of MNIST that does not exist is a failure in one sentence, and nothing is started', () => {
  const { status, said } = type('table3', '--mnist', '/no/such');
  expect(said).toMatch(/^\/no\/such does not exist: expected the folder of MNIST[^\n]*$/);
  expect(status).toBe(1);
  expect(readdirSync(home)).toEqual([]);
});

function type(...args: string[]): { status: number | null; said: string } {
  const main = new URL('../../../dist/worker/cli/main.js', import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: home,
    env: { ...process.env, RETHINKING_HOME: home },
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}`.trim() };
}
