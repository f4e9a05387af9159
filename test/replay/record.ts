/** Records the histories that `replay.test.ts` replays, on a real stack with the compiled code:
 *  `npm run record-histories`. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { test } from 'vitest';
import { pauseArtifactUpdate, resumeArtifactUpdate } from '../../workflows/hold.ts';
import { progressQuery } from '../../workflows/train-grid.ts';
import { openLab } from '../faults/lab.ts';
import { simulate } from '../simulation/simulate.ts';

const smoke = { profile: 'smoke', dataset: 'procedural' } as const;

async function record(name: string, handle: WorkflowHandle): Promise<void> {
  await handle.result();
  const json = historyToJSON(await handle.fetchHistory());
  const anonymous = json.replace(/"\d+@[^"]*"/g, '"worker"'); // process and host
  writeFileSync(new URL(`histories/${name}.json`, import.meta.url), `${anonymous}\n`);
}

test('histories are recorded', async () => {
  const lab = await openLab();
  const workers = lab.startWorkers();

  await record(
    'figure-1',
    await lab.client.workflow.start('reproduceFigure1', {
      workflowId: `figure1-${randomUUID()}`,
      taskQueue: 'rethinking',
      args: [{ ...smoke, models: ['mlp-1x512'], conditions: ['true-labels', 'random-labels'] }],
    }),
  );
  await record('train-network', await lab.start({ ...smoke, model: 'mlp-1x512', seed: 2 }));

  const held = await lab.start({ ...smoke, model: 'mlp-1x512', seed: 3, stop: { steps: 3000, when: null } });
  await lab.progress(held.workflowId, ({ step }) => step > 100);
  await held.executeUpdate('pause');
  await held.executeUpdate('resume');
  await record('train-network-paused', held);

  const verify = (input: object) =>
    lab.client.workflow.start('verifyTheorem1', {
      workflowId: `theorem1-${randomUUID()}`,
      taskQueue: 'rethinking',
      args: [input],
    });
  await record('theorem-1', await verify(smoke));
  await record('theorem-1-generated', await verify({ profile: 'smoke', generated: 200 }));

  const figure = await lab.client.workflow.start('reproduceFigure1', {
    workflowId: `figure1-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [{ ...smoke, models: ['mlp-1x512'], panels: ['a'], seeds: [4] }],
  });
  while ((await figure.query(progressQuery)).phase !== 'training')
    await new Promise((resolve) => setTimeout(resolve, 50));
  await figure.executeUpdate(pauseArtifactUpdate);
  await figure.executeUpdate(resumeArtifactUpdate);
  await record('figure-1-paused', figure);
  await workers.stop();

  // The flow is the same whoever trains: what would take minutes of training is recorded with a pretend one.
  await simulate({
    address: lab.stack.temporal.address,
    input: {
      artifacts: ['figure-3', 'figure-1', 'figure-2', 'table-1', 'table-4'],
      profile: 'smoke',
      seeds: [1],
    },
    async onDone(client, paperId) {
      await record('paper', client.workflow.getHandle(paperId));
      for (const name of ['figure-2', 'figure-3', 'table-1', 'table-4'])
        await record(name, client.workflow.getHandle(`${paperId}-${name}`));
      const table2 = await client.workflow.start('reproduceTable2', {
        workflowId: `table2-${randomUUID()}`,
        taskQueue: 'rethinking',
        args: [{ profile: 'smoke', source: 's3://bucket/imagenet' }],
      });
      await record('table-2', table2);
    },
  });
  await lab.close();
}, 600_000);
