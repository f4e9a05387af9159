import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { supervise } from '../../../activities/child/supervise.ts';

const attempt = { heartbeat: () => {}, cancellationSignal: new AbortController().signal };

const child = (script: string) =>
  spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });

test('a child that has answered and lingers is gone before its attempt ends, so that none shares its device', async () => {
  const lingering = child(`process.on('message', (order) => process.send({ kind: 'ended', order }))`);
  const end = await supervise(lingering, { name: 'trainer', order: { a: 1 }, attempt, known: null });
  expect(end).toEqual({ kind: 'ended', order: { a: 1 } });
  expect(lingering.signalCode).toBe('SIGKILL');
});

test('a child that failed is gone too, and its failure keeps its sentence', async () => {
  const report = { kind: 'failed', type: 'Fenced', message: 'taken over' };
  const failed = child(`process.on('message', () => process.send(${JSON.stringify(report)}))`);
  const end = supervise(failed, { name: 'trainer', order: {}, attempt, known: null });
  await expect(end).rejects.toMatchObject({ type: 'Fenced', message: 'taken over' });
  expect(failed.signalCode).toBe('SIGKILL');
});

test('one that dies by itself is TrainerDied', async () => {
  const dying = child(`process.on('message', () => process.exit(3))`);
  const end = supervise(dying, { name: 'trainer', order: {}, attempt, known: null });
  await expect(end).rejects.toMatchObject({
    type: 'TrainerDied',
    message: expect.stringContaining('code 3'),
  });
});
