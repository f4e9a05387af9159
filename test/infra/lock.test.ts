import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockOwner, takeLock } from '../../infra/setup/lock.mjs';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rethinking-lock-'));
  file = join(folder, 'cache', 'setup.lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

const noWait = () => {
  throw new Error('waited');
};

test('a free lock is taken and given back', async () => {
  const giveBack = await takeLock(file, noWait);
  expect(lockOwner(file)).toBe(process.pid);

  giveBack();

  expect(lockOwner(file)).toBe(0);
});

test('the lock of a process that is gone is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  (await takeLock(file, noWait))();
  writeFileSync(file, String(pid));

  await takeLock(file, noWait);

  expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
});

test('the lock of a living process is waited for, and said once by whom it is held', async () => {
  (await takeLock(file, noWait))();
  writeFileSync(file, String(process.ppid));
  const owners: number[] = [];

  const taken = takeLock(file, (owner: number) => {
    owners.push(owner);
    rmSync(file); // the other set-up ends
  });

  await taken;
  expect(owners).toEqual([process.ppid]);
  expect(lockOwner(file)).toBe(process.pid);
});

test('giving back does not take away the lock of another one', async () => {
  const giveBack = await takeLock(file, noWait);
  writeFileSync(file, String(process.ppid));

  giveBack();

  expect(lockOwner(file)).toBe(process.ppid);
});
