/** Recorded histories of every workflow, replayed against today's code: a change of flow that would break a running
 *  training or figure fails here first. `record.ts` makes new ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';

const folder = new URL('histories/', import.meta.url);

test('every recorded history replays without a difference', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const histories = readdirSync(folder).map((name) => ({
    workflowId: name.replace(/\.json$/, ''),
    history: JSON.parse(readFileSync(new URL(name, folder), 'utf8')),
  }));
  const replays = Worker.runReplayHistories(
    { workflowsPath: new URL('../../workflows/index.ts', import.meta.url).pathname },
    histories,
  );
  const results: Record<string, string> = {};
  for await (const { workflowId, error } of replays) results[workflowId] = error?.message ?? 'replayed';
  expect(results).toEqual({
    'figure-1': 'replayed',
    'theorem-1': 'replayed',
    'theorem-1-generated': 'replayed',
    'train-network': 'replayed',
    'train-network-paused': 'replayed',
  });
}, 120_000);
