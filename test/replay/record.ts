/** Records the histories that `replay.test.ts` replays, on a real stack with the compiled code:
 *  `npm run record-histories`. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, test } from 'vitest';
import { pauseArtifactUpdate, resumeArtifactUpdate } from '../../workflows/hold.ts';
import { progressQuery } from '../../workflows/train-grid.ts';
import { type Lab, openLab } from '../faults/lab.ts';
import { simulate } from '../simulation/simulate.ts';

const smoke = { profile: 'smoke', dataset: 'procedural' } as const;

async function record(name: string, handle: WorkflowHandle): Promise<void> {
  await handle.result();
  const json = historyToJSON(await handle.fetchHistory());
  const anonymous = json
    .replace(/"\d+@[^"]*"/g, '"worker"') // process and host
    .replace(/("stackTrace": ")(?:[^"\\]|\\.)*"/g, '$1"'); // where the clone lies
  writeFileSync(new URL(`histories/${name}.json`, import.meta.url), `${anonymous}\n`);
}

let lab: Lab;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  lab = await openLab();
}, 120_000);
afterAll(() => lab.close());

const start = (type: string, input: object) =>
  lab.client.workflow.start(type, {
    workflowId: `${type}-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [input],
  });

// Of those that claimed no run yet there are histories that nothing records anew: `train-network-unclaimed`.
test('trainings', async () => {
  lab.startWorkers();
  await record('train-network', await lab.start({ ...smoke, model: 'mlp-1x512', seed: 2 }));
  const held = await lab.start({ ...smoke, model: 'mlp-1x512', seed: 3, stop: { steps: 3000, when: null } });
  await lab.progress(held.workflowId, ({ step }) => step > 100);
  await held.executeUpdate('pause');
  await held.executeUpdate('resume');
  const second = await lab.start({
    ...smoke,
    model: 'mlp-1x512',
    seed: 3,
    stop: { steps: 3000, when: null },
  });
  await record('train-network-paused', held);
  await record('train-network-joined', second);
  await lab.stopWorkers();
}, 300_000);

test('figures', async () => {
  lab.startWorkers();
  const input = { ...smoke, models: ['mlp-1x512'] };
  await record(
    'figure-1',
    await start('reproduceFigure1', { ...input, conditions: ['true-labels', 'random-labels'] }),
  );
  const held = await start('reproduceFigure1', { ...input, panels: ['a'], seeds: [4] });
  while ((await held.query(progressQuery)).phase !== 'training')
    await new Promise((resolve) => setTimeout(resolve, 50));
  await held.executeUpdate(pauseArtifactUpdate);
  await held.executeUpdate(resumeArtifactUpdate);
  await record('figure-1-paused', held);
  await lab.stopWorkers();
}, 300_000);

test('theorems', async () => {
  lab.startWorkers();
  await record('theorem-1', await start('verifyTheorem1', smoke));
  await record('theorem-1-generated', await start('verifyTheorem1', { profile: 'smoke', generated: 200 }));
  await lab.stopWorkers();
}, 300_000);

test('linear models and a night', async () => {
  lab.startWorkers();
  await record('implicit-regularization', await start('verifyImplicitRegularization', smoke));
  await record('nightly', await start('nightlyPaper', { ...smoke, artifacts: ['figure-3'], canaries: 0 }));
  await lab.stopWorkers();
}, 300_000);

// The flow is the same whoever trains or solves.
test('what would take minutes of training', async () => {
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
      const table3 = await client.workflow.start('reproduceTable3', {
        workflowId: `table3-${randomUUID()}`,
        taskQueue: 'rethinking',
        args: [smoke],
      });
      await record('table-3', table3);
    },
  });
}, 300_000);
