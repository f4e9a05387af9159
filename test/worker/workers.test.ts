/** Worker processes without a GPU, NVIDIA's or another, that was asked for, as compiled code (`npm test` compiles first). */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { twoFreePorts } from '../infra/observability/exported.ts';

const compiled = (path: string) => new URL(`../../dist/worker/${path}`, import.meta.url);
const { startWorkers }: typeof import('../../worker/workers.ts') = await import(compiled('workers.js').href);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rethinking-workers-'));
  vi.stubEnv('CUDA_VISIBLE_DEVICES', 'none'); // whatever this machine has
  vi.stubEnv('VK_DRIVER_FILES', '/dev/null');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const SENTENCE = /No training will start: [^"]* RETHINKING_DEVICE=cpu to train on the CPU\./;

test.each(['gpu', 'webgpu'])('a train worker refuses %s at its start, before it has a service', (device) => {
  vi.stubEnv('RETHINKING_DEVICE', device);

  const { status, stdout } = spawnSync(process.execPath, [compiled('main.js').pathname, 'train'], {
    encoding: 'utf8',
  });

  expect(stdout).toMatch(SENTENCE);
  expect(status).toBe(1);
});

test('a place for metrics that is taken ends the command with a sentence, instead of one start after another', async () => {
  const port = await twoFreePorts();
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  vi.stubEnv('RETHINKING_METRICS_ADDRESS', String(port));
  const workers = startWorkers({ logs: folder, variables: new Promise(() => {}), onEvent: () => {} });

  await expect(workers.refused).rejects.toMatchObject({
    type: 'InvalidInput',
    message: expect.stringMatching(
      `^Metrics cannot be served at 127.0.0.1:${port} \\(Address already in use .*\\): name another place with`,
    ),
  });
  await workers.stop();
  other.close();
});

test('a refusal reaches the command, and no other train worker is started in vain', async () => {
  vi.stubEnv('RETHINKING_DEVICE', 'gpu');
  const events: string[] = [];
  const workers = startWorkers({
    logs: folder,
    variables: new Promise(() => {}),
    onEvent: (line) => events.push(line),
  });
  const light = workers.pid('light');

  await expect(workers.refused).rejects.toMatchObject({
    type: 'DeviceMissing',
    message: expect.stringMatching(SENTENCE),
  });
  await sleep(2000); // twice the wait before another one

  expect(workers.pid('train')).toBeUndefined();
  expect(workers.pid('light')).toBe(light);
  expect(events).toEqual([]);
  await workers.stop();
});
