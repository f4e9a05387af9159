/** Recorded histories of every workflow, replayed against today's code: a change of flow that would break a running
 *  training or figure fails here first. `record.ts` makes new ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, inject, test } from 'vitest';
import * as workflows from '../../workflows/index.ts';

const folder = new URL('histories/', import.meta.url);

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

const histories = readdirSync(folder).map((file) => {
  const history = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  // Children are named after their parent.
  const { workflowId } = history.events[0].workflowExecutionStartedEventAttributes;
  return { name: file.replace(/\.json$/, ''), workflowId, history };
});

test('every type of workflow has a recorded history', () => {
  const types = histories.map(
    ({ history }) => history.events[0].workflowExecutionStartedEventAttributes.workflowType.name,
  );
  expect([...new Set(types)].sort(), 'npm run record-histories').toEqual(Object.keys(workflows).sort());
});

test.each([
  { how: 'without a difference', bundle: 'workflowBundle' },
  { how: 'traced, though it began untraced', bundle: 'tracedWorkflowBundle' },
] as const)(
  'every recorded history replays $how',
  async ({ bundle }) => {
    const replays = Worker.runReplayHistories(
      {
        workflowBundle: inject(bundle),
        sinks: { exporter: { export: { fn() {} } } },
      },
      histories,
    );
    const results: Record<string, string> = {};
    for await (const { workflowId, error } of replays) {
      const { name } = histories.find((one) => one.workflowId === workflowId)!;
      results[name] = error?.message ?? 'replayed';
    }
    expect(results).toEqual(Object.fromEntries(histories.map(({ name }) => [name, 'replayed'])));
  },
  120_000,
);
