/** `npm run simulate`: the paper with 2,000 trainings that take no time, and what that costs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { test } from 'vitest';
import { fileBytes, peakBytes, simulate } from './simulate.ts';

const SEEDS = Number(process.env.SEEDS ?? 36);
const ARTIFACTS = ['figure-1', 'figure-2', 'table-1', 'table-4'];

test('simulation', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const binary = process.env.RETHINKING_TEMPORAL;
  if (!binary) throw new Error('run it through `npm run simulate`');
  const folder = await mkdtemp(join(tmpdir(), 'rethinking-simulation-'));
  const database = join(folder, 'temporal.db');
  const port = await freePort();
  const server = spawn(
    binary,
    [
      'server',
      'start-dev',
      '--headless',
      '--port',
      String(port),
      '--db-filename',
      database,
      '--log-level',
      'error',
    ],
    { stdio: 'ignore' },
  );
  try {
    const address = `127.0.0.1:${port}`;
    const { paper, ...measured } = await simulate({
      address,
      input: {
        artifacts: ARTIFACTS,
        profile: 'paper',
        seeds: Array.from({ length: SEEDS }, (_, i) => i + 1),
      },
      onProgress: (trained) => trained % 100 === 0 && console.log(`${trained} trained`),
    });
    const made = paper.reproductions.map((one) =>
      'failure' in one
        ? `${one.artifact}: ${one.failure.message}`
        : `${one.artifact}: ${one.trainings.needed} runs`,
    );
    const cost = { serverBytes: peakBytes(server.pid!), databaseBytes: fileBytes(database) };
    console.log(JSON.stringify({ made, ...measured, ...cost }, null, 2));
  } finally {
    if (server.kill()) await once(server, 'exit'); // else it writes into the folder that is removed
    await rm(folder, { recursive: true, force: true });
  }
}, 3_600_000);

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
