/** Figure 1 whole, at smoke scale: real servers, real workers, real training of the 1x512 MLP on generated images. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../activities/store/store.ts';
import type { reproduceFigure1 } from '../../workflows/figure-1.ts';
import { type Lab, openLab, rootOf } from '../faults/lab.ts';

const SMOKE = { profile: 'smoke', dataset: 'procedural', models: ['mlp-1x512'] };

let lab: Lab;
let store: Store;
beforeAll(async () => {
  lab = await openLab();
  store = lab.startWorkers().store;
}, 60_000);
afterAll(() => lab.close());

const start = (input: object) =>
  lab.client.workflow.start<typeof reproduceFigure1>('reproduceFigure1', {
    workflowId: `figure1-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [input],
  });

async function trainings(): Promise<string[]> {
  const ids = [];
  for await (const { workflowId } of lab.client.workflow.list({ query: `WorkflowType = 'trainNetwork'` })) {
    ids.push(workflowId);
  }
  return ids;
}

test('it trains, draws and judges; run again it answers from the store with the same bytes', async () => {
  const first = await (await start(SMOKE)).result();
  const again = await (await start(SMOKE)).result();

  expect(first.runs).toHaveLength(5); // five conditions; levels 0 and 1 are two of them
  expect(first.runs.every(({ outcome }) => outcome?.firstStepAt[100])).toBe(true);
  expect(first.figures.map(({ name }) => name)).toEqual(['figure-1a', 'figure-1b', 'figure-1c']);
  for (const { svg, png, spec, csv } of first.figures) {
    expect((await store.get(svg)).toString()).toMatch(/^<svg/);
    expect((await store.get(png)).subarray(1, 4).toString()).toBe('PNG');
    expect(JSON.parse((await store.get(spec)).toString()).$schema).toContain('vega-lite');
    expect((await store.get(csv)).toString()).toMatch(/^[a-z_0-9,]+\n.*,\d/);
  }
  expect(new Set(first.verdicts.map(({ kind }) => kind))).toEqual(
    new Set(['not judged at this scale', 'not run']),
  );
  expect(first.trainings.stored).toBe(0);
  expect(again.trainings.stored).toBe(5);
  expect(again.figures).toEqual(first.figures);
  expect(again.verdictsJson).toEqual(first.verdictsJson);
}, 180_000);

test('two figures that are started at once train what they share once', async () => {
  const before = (await trainings()).length;
  const input = { ...SMOKE, seeds: [7], conditions: ['true-labels', 'random-labels'] };
  const [one, other] = await Promise.all([
    start({ ...input, panels: ['a'] }),
    start({ ...input, panels: ['c'] }),
  ]);
  const [a, c] = await Promise.all([one.result(), other.result()]);
  const weights = (result: typeof a) => result.runs.map(({ outcome }) => outcome?.weights.sha256).sort();
  expect(weights(a)).toEqual(weights(c));
  expect((await trainings()).length - before).toBe(2);
}, 120_000);

test('an input that cannot be meant fails the figure at once, with every bad field named', async () => {
  const failure = await (await start({ panels: ['d'], model: 'mlp-1x512' }))
    .result()
    .catch((error: unknown) => error);
  expect(rootOf(failure)).toMatchObject({
    type: 'InvalidInput',
    message:
      'reproduceFigure1 cannot run with this input: panels.0 "d" is none of a, b, c; model: no such field.',
  });
}, 60_000);
