/** Several workers on one machine: each device has one training, no training is done twice, and what they write is there
 *  once. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { reproduceFigure1 } from '../../workflows/figure-1.ts';
import { childrenOf, type Lab, listed, openLab } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
}, 60_000);
afterAll(() => lab.close());

const figure1 = (conditions: string[]) =>
  lab.client.workflow.start<typeof reproduceFigure1>('reproduceFigure1', {
    workflowId: `figure1-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [{ profile: 'smoke', dataset: 'procedural', models: ['mlp-1x512'], panels: ['a'], conditions }],
  });

test('three workers share the trainings of two figures: one at a time each, none twice', async () => {
  const first = lab.startWorkers();
  const workers = [first, lab.startWorkers(first.bucket), lab.startWorkers(first.bucket)];
  const figures = await Promise.all([
    figure1(['true-labels', 'random-labels', 'gaussian']),
    figure1(['random-labels', 'gaussian', 'shuffled-pixels']),
  ]);
  const most = workers.map(() => 0);
  const look = setInterval(() => {
    for (const [i, worker] of workers.entries()) {
      const pid = worker.pid('train');
      if (pid) most[i] = Math.max(most[i]!, childrenOf(pid).length);
    }
  }, 100);
  const [one, other] = await Promise.all(figures.map((figure) => figure.result()));
  clearInterval(look);

  expect(Math.max(...most)).toBe(1);
  const runs = [...one!.runs, ...other!.runs];
  const distinct = new Set(runs.map(({ planned }) => planned.id));
  expect(distinct.size).toBe(4);
  for (const id of distinct) {
    const { events } = await lab.client.workflow.getHandle(`train-${id}`).fetchHistory();
    const segments = (events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'trainSegment',
    );
    const attempts = (events ?? []).flatMap(
      (event) => event.activityTaskStartedEventAttributes?.attempt ?? [],
    );
    expect(segments).toHaveLength(1);
    expect(Math.max(...attempts)).toBe(1);
  }
  const stored = (await listed(first.store, 'trajectories/')).map(({ key }) => key);
  expect(stored.filter((key) => key.endsWith('/outcome.json'))).toHaveLength(4);
  expect(stored.filter((key) => key.endsWith('/weights.safetensors'))).toHaveLength(4);
  const shared = (weights: typeof one) =>
    weights!.runs.flatMap(({ condition, outcome }) =>
      condition === 'gaussian' || condition === 'random-labels' ? [outcome?.weights] : [],
    );
  expect(shared(one)).toEqual(shared(other));
}, 240_000);
