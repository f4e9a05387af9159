/** Several workers on one machine: each device has one training, no training is done twice, and what they write is there
 *  once. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { reproduceFigure1 } from '../../workflows/figure-1.ts';
import { type Lab, listed, openLab } from './lab.ts';

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
  for (const _ of [2, 3]) lab.startWorkers(first.bucket);
  const figures = await Promise.all([
    figure1(['true-labels', 'random-labels', 'gaussian']),
    figure1(['random-labels', 'gaussian', 'shuffled-pixels']),
  ]);
  const [one, other] = await Promise.all(figures.map((figure) => figure.result()));

  const runs = [...one!.runs, ...other!.runs];
  const distinct = new Set(runs.map(({ planned }) => planned.id));
  expect(distinct.size).toBe(4);
  const trained: { worker: string; from: number; to: number }[] = [];
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
    const [{ eventId } = { eventId: null }] = segments;
    const ofSegment = (id: unknown) => String(id) === String(eventId);
    const start = events?.find((event) =>
      ofSegment(event.activityTaskStartedEventAttributes?.scheduledEventId),
    );
    const end = events?.find((event) =>
      ofSegment(event.activityTaskCompletedEventAttributes?.scheduledEventId),
    );
    const worker = start?.activityTaskStartedEventAttributes?.identity ?? '';
    trained.push({ worker, from: secondsOf(start?.eventTime), to: secondsOf(end?.eventTime) });
  }
  trained.sort((a, b) => a.from - b.from);
  for (const [k, { worker, to }] of trained.entries()) {
    const next = trained.slice(k + 1).find((later) => later.worker === worker);
    // The next task may cross the answer to the one before on its way.
    if (next) expect(next.from).toBeGreaterThan(to - 0.5);
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

const secondsOf = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
  Number(time?.seconds) + (time?.nanos ?? 0) / 1e9;
