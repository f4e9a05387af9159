/** The short form of `npm run faults`: the command itself, over two Figures 1. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Report } from './report.ts';

const COMMAND = join(import.meta.dirname, '..', '..', '..', 'infra', 'faults.mjs');
// A server of each kind, and what only a whole figure shows.
const KINDS = 'kill-temporal,kill-s3,damage-curve';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'rethinking-suite-'));
});
afterEach(() => rmSync(out, { recursive: true }));

async function faults(...args: string[]) {
  const command = spawn(process.execPath, [COMMAND, ...args, '--out', out], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'exit'),
  ]);
  return { stdout, stderr, code };
}

test('a Figure 1 whose servers are killed and whose curve is damaged is byte for byte an undisturbed one', async () => {
  const { stdout, stderr, code } = await faults('--faults', '3', '--kinds', KINDS);

  expect(stderr).not.toContain('lost;');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# 3 faults in \d Figures 1: 0 not survived/);
  const report = Report.parse(JSON.parse(readFileSync(join(out, 'seed-1-3.json'), 'utf8')));
  expect(report.rounds.flatMap(({ violations }) => violations)).toEqual([]);
  expect(Object.keys(report.undisturbed.digests).length).toBeGreaterThan(20); // something was compared
}, 600_000);

test('a kind that is not known ends with exit code 2 and the list', async () => {
  const { stderr, code } = await faults('--kinds', 'kill-nobody');
  expect(code).toBe(2);
  expect(stderr).toContain('--kinds has kill-nobody, expected some of kill-trainer');
}, 60_000);
