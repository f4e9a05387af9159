/** Two nights on a real stack: the first has a budget of one training and loses both of its workers on the way, the second
 *  goes on from there and trains again what the first has stored. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DriftReport } from '../../activities/contract.ts';
import type { NightResult } from '../../workflows/nightly.ts';
import { type Lab, openLab } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
}, 60_000);
afterAll(() => lab.close());

const request = { profile: 'smoke', dataset: 'procedural', artifacts: ['figure-3', 'figure-2'] };

const startNight = (input: object) =>
  lab.client.workflow.start<(input: object) => Promise<NightResult>>('nightlyPaper', {
    workflowId: `night-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [{ ...request, ...input }],
  });

const endedTrainings = () =>
  lab.client.workflow.count("WorkflowType = 'trainNetwork' AND ExecutionStatus = 'Completed'");

test('a night whose workers are killed ends within its budget, the next one goes on from there, and a canary has the stored bytes', async () => {
  const first = lab.startWorkers();
  const one = await startNight({ budget: { trainings: 1 }, canaries: 1 });
  await trainingBegan();
  process.kill(first.pid('train')!, 'SIGKILL');
  process.kill(first.pid('light')!, 'SIGKILL');
  expect(await one.result()).toMatchObject({ state: 'unfinished', leftOut: ['figure-2'] });
  expect((await endedTrainings()).count).toBe(1);

  const two = await startNight({ canaries: 1 });
  const { state, leftOut, drift } = await two.result();
  expect({ state, leftOut }).toEqual({ state: 'finished', leftOut: [] });
  // The other training of Figure 2, and the canary: the first one was not trained again for the figure.
  expect((await endedTrainings()).count).toBe(3);
  const report = DriftReport.parse(JSON.parse(String(await first.store.get(drift.json))));
  expect(report.before).not.toBeNull();
  expect(report.canaries).toMatchObject([{ state: 'same bytes' }]);
  expect(report).toMatchObject({ differences: [], alert: false });
}, 300_000);

async function trainingBegan(): Promise<void> {
  for (;;) {
    for await (const { workflowId } of lab.client.workflow.list({ query: "WorkflowType = 'trainNetwork'" })) {
      await lab.progress(workflowId, ({ step }) => step > 0);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
