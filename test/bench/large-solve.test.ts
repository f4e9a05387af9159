/** A durable promise with a kill -9 for it: the bench's solver goes on from the iterate that it kept. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { largeSolves } from './large-solve.ts';

const root = join(import.meta.dirname, '..', '..');
let bench: typeof import('./large-solve.ts');
let work: string;

beforeAll(async () => {
  // Processes that are killed are the compiled ones.
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  expect(spawnSync(process.execPath, [tsc, '-p', import.meta.dirname]).status).toBe(0);
  bench = await import(`${root}/dist/test/bench/large-solve.js`);
  work = mkdtempSync(join(tmpdir(), 'rethinking-solve-'));
}, 120_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

const silent = { at() {}, end() {} };
const POINTS = 400;
const solve = (kill: boolean) => bench.measureLargeSolve(POINTS, { work, threads: 1, kill }, silent);
const kept = () => readFileSync(join(work, `iterate-${POINTS}`));

test('killed on the way, it goes on from the iterate that it kept and ends at the same one, bit for bit', async () => {
  const undisturbed = await solve(false);
  const whole = kept();
  const killed = () => {
    rmSync(join(work, `iterate-${POINTS}`));
    return solve(true);
  };
  let resumed = await killed();
  // Two iterations are soon over: a kill that comes after the second is none on the way.
  for (let late = 0; resumed.resumedAt === resumed.iterations && late < 5; late++) resumed = await killed();

  expect(resumed.resumedAt).toBeGreaterThan(0);
  expect(resumed.resumedAt).toBeLessThan(resumed.iterations);
  expect(kept()).toEqual(whole);
  expect(resumed).toMatchObject({
    ...{ errors: 0, residual: undisturbed.residual, iterations: undisturbed.iterations },
  });
  expect(resumed.residual).toBeLessThan(1e-10);
  expect(largeSolves([resumed])[2]).toMatch(
    /^784 coordinates, Cholesky, float64 blocks kept: .* Killed on the way, it went on from iteration \d+\.$/,
  );
}, 120_000);
