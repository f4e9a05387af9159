/** Workers as a cluster runs them: probed by a file, and gone by themselves when nothing waits. Compiled code (`npm test`
 *  compiles first). */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Lab, openLab } from '../faults/lab.ts';

const SMOKE = { profile: 'smoke', dataset: 'procedural' } as const;

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
}, 120_000);
afterAll(() => lab.close());

const MAIN = new URL('../../dist/worker/main.js', import.meta.url).pathname;

function start(
  role: 'light' | 'train',
  own: Record<string, string> = {},
): { worker: ChildProcess; log: () => string } {
  const env = { ...process.env, ...lab.variables, TF_CPP_MIN_LOG_LEVEL: '2', ...own };
  const worker = spawn(process.execPath, [MAIN, role], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (part) => (text += part));
  return { worker, log: () => text };
}

test('its file is there while a worker polls, and gone when it has ended', async () => {
  const file = join(lab.folder, 'light.pulse');
  const { worker } = start('light', { RETHINKING_PULSE_FILE: file });
  const ended = once(worker, 'exit');
  await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 60_000 });

  worker.kill('SIGTERM');

  expect(await ended).toEqual([0, null]);
  expect(existsSync(file)).toBe(false);
}, 120_000);

test('a trainer that ends when idle finishes a training that lasts longer first, and then ends with 0', async () => {
  const light = start('light');
  const handle = await lab.start({ ...SMOKE, model: 'mlp-1x512', stop: { steps: 1000, when: null } });
  const first = start('train', { RETHINKING_IDLE_SECONDS: '2' });
  const ended = once(first.worker, 'exit');

  expect(await ended).toEqual([0, null]);
  expect(first.log()).toContain('nothing to do: the worker ends');
  const next = start('train'); // for what came after two seconds without a task, on a machine as busy as that
  expect((await handle.result()).steps).toBe(1000);
  const { events } = await handle.fetchHistory();
  const attempts = (events ?? []).flatMap(
    ({ activityTaskStartedEventAttributes: task }) => task?.attempt ?? [],
  );
  expect(attempts).toEqual(attempts.map(() => 1)); // nothing was taken away from the trainer
  for (const { worker } of [light, next]) worker.kill('SIGTERM');
  await Promise.all([light, next].map(({ worker }) => once(worker, 'exit')));
}, 180_000);
