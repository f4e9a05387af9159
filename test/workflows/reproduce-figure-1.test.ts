/** Figure 1 whole, at smoke scale: real servers, real workers, real training of the 1x512 MLP on generated images; traced,
 *  from the command as a user types it. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../activities/store/store.ts';
import type { reproduceFigure1 } from '../../workflows/figure-1.ts';
import { type Lab, openLab, rootOf } from '../faults/lab.ts';
import { type CollectedSpan, startCollector } from '../worker/tracing/collector.ts';

const SMOKE = { profile: 'smoke', dataset: 'procedural', models: ['mlp-1x512'] };

let lab: Lab;
let bucket: string;
let store: Store;
let collector: Awaited<ReturnType<typeof startCollector>>;
beforeAll(async () => {
  lab = await openLab();
  collector = await startCollector();
  // A bucket without the images that other tests begin with: the workers draw them.
  ({ bucket, store } = lab.startWorkers('figure-1', collector.variables));
}, 60_000);
afterAll(async () => {
  await lab.close();
  collector.close();
});

const start = (input: object) =>
  lab.client.workflow.start<typeof reproduceFigure1>('reproduceFigure1', {
    workflowId: `figure1-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [input],
  });

/** SMOKE, from the command line. */
async function command(): Promise<Awaited<ReturnType<typeof reproduceFigure1>>> {
  const main = new URL('../../dist/worker/cli/main.js', import.meta.url).pathname;
  const args = ['figure1', '--input', JSON.stringify(SMOKE), '--json', '--out', join(lab.folder, 'out')];
  const env = { ...process.env, ...lab.variables, RETHINKING_BUCKET: bucket, ...collector.variables };
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '').result;
}

async function trainings(): Promise<string[]> {
  const ids = [];
  for await (const { workflowId } of lab.client.workflow.list({ query: `WorkflowType = 'trainNetwork'` })) {
    ids.push(workflowId);
  }
  return ids;
}

test('it trains, draws and judges; run again it answers from the store with the same bytes', async () => {
  const first = await command();
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
}, 300_000);

const from = (child: CollectedSpan): string[] => {
  const parent = collector.spans.find(({ spanId }) => spanId === child.parentSpanId);
  return [...(parent ? from(parent) : []), child.name];
};

test('one trace leads from the command to the steps of the training, each span the child of the one that caused it', async () => {
  const ended = (name: string) => collector.spans.filter((span) => span.name === name);
  while (ended('publish run').length < 5 || ended('RunActivity:judge').length < 2)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const [command] = ended('rethinking figure1');
  const steps = ended('compile and step').find(({ traceId }) => traceId === command?.traceId);
  const ofTrainer = collector.spans.filter(({ parentSpanId }) => parentSpanId === steps?.parentSpanId);

  expect(steps && from(steps)).toEqual([
    ...['rethinking figure1', 'StartWorkflow:reproduceFigure1', 'RunWorkflow:reproduceFigure1'],
    ...['StartActivity:awaitTraining', 'RunActivity:awaitTraining', 'SignalWithStartWorkflow:trainNetwork'],
    ...['RunWorkflow:trainNetwork', 'StartActivity:trainSegment', 'RunActivity:trainSegment'],
    ...['train segment', 'compile and step'],
  ]);
  expect([...new Set(ofTrainer.map(({ name }) => name))].sort()).toEqual([
    ...['commit checkpoint', 'compile and step', 'evaluate', 'load data and checkpoint', 'load device'],
    ...['publish run', 'train steps'],
  ]);
  const attempt = ended('train segment').find(({ spanId }) => spanId === steps?.parentSpanId);
  expect(attempt).toMatchObject({
    service: 'rethinking-trainer',
    attributes: {
      temporalAttempt: 1,
      temporalWorkflowId: `train-${attempt?.attributes['rethinking.run.id']}`,
      run_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'rethinking.model': 'mlp-1x512',
    },
  });
  // The command asked every second how far it is.
  expect(collector.spans.filter(({ name }) => /Query|Describe/.test(name))).toEqual([]);
}, 60_000);

test('two figures that are started at once train what they share once', async () => {
  const before = (await trainings()).length;
  const input = { ...SMOKE, seeds: [7], conditions: ['random-labels'], corruptionLevels: [1] };
  const [one, other] = await Promise.all([
    start({ ...input, panels: ['a'] }),
    start({ ...input, panels: ['c'] }),
  ]);
  const [a, c] = await Promise.all([one.result(), other.result()]);
  const weights = (result: typeof a) => result.runs.map(({ outcome }) => outcome?.weights.sha256).sort();
  expect(weights(a)).toEqual(weights(c));
  expect((await trainings()).length - before).toBe(1);
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

test('all that is logged is JSON, TensorFlow’s own words too, and says what it is about, in which trace', async () => {
  const read = () =>
    ['worker-light', 'worker-train'].flatMap((name) =>
      readFileSync(join(lab.folder, 'logs', `${name}.log`), 'utf8')
        .trimEnd()
        .split('\n'),
    );
  // Of the input before; the SDK holds its lines back for a moment, to put them in order.
  while (!read().some((line) => line.includes('Workflow failed')))
    await new Promise((resolve) => setTimeout(resolve, 50));
  const written = read();
  expect(written.filter((line) => !/^\{.*\}$/.test(line))).toEqual([]);
  const lines = written.map((line): Record<string, unknown> => JSON.parse(line));
  const ofTrainers = lines.filter(({ name }) => name === 'trainer');

  // Three lines an attempt: it begins, it trains, the run is finished.
  expect(ofTrainers.length).toBeGreaterThanOrEqual(5 * 3);
  expect(lines.some(({ from, msg }) => from === 'trainer' && /oneDNN|TensorFlow/.test(String(msg)))).toBe(
    true,
  );
  for (const line of [...ofTrainers, ...lines.filter(({ activityId }) => activityId)]) {
    expect(line).toMatchObject({ activityId: expect.any(String), attempt: expect.any(Number) });
  }
  for (const line of [...ofTrainers, ...lines.filter(({ workflowId }) => workflowId)]) {
    expect(line).toMatchObject({
      workflowId: expect.any(String),
      runId: expect.any(String),
      taskQueue: expect.any(String),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  }
  for (const line of ofTrainers) expect(line.workflowId).toBe(`train-${line.trainingRunId}`);
}, 60_000);
