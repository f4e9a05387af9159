/** Table 2 and Figure 2a whole, at smoke scale: generated JPEG images in shards behind a server, real servers, real
 *  workers, real steps of Inception V3, and a trainer that is killed on the way. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { reproduceTable2 } from '../../workflows/table-2.ts';
import { generateImages, shardFiles } from '../activities/data/imagenet/generated.ts';
import { serveFiles } from '../activities/data/sources/range-server.ts';
import { type Lab, openLab, rootOf } from '../faults/lab.ts';
import { childrenOf } from '../faults/processes.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
}, 60_000);
afterAll(() => lab.close());

const start = (input: object) =>
  lab.client.workflow.start<typeof reproduceTable2>('reproduceTable2', {
    workflowId: `table2-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [input],
  });

/** The training that the table waits for. */
async function training(): Promise<string> {
  for (;;) {
    for await (const { workflowId } of lab.client.workflow.list({ query: `WorkflowType = 'trainNetwork'` })) {
      return workflowId;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('from shards behind a server to the table, over a trainer that was killed', async () => {
  const shards = shardFiles(await generateImages({ classes: 6, train: 1, val: 1 }), { perShard: 4 });
  const server = await serveFiles(shards);
  const source = Object.keys(shards)
    .map((name) => `${server.url}/${name}`)
    .join(' ');
  const workers = lab.startWorkers();
  const { store } = workers;

  const table = await start({ profile: 'smoke', source, rows: ['random-labels'] });
  const trained = await training();
  await lab.progress(trained, ({ checkpoint }) => checkpoint !== null);
  const [trainer] = childrenOf(workers.pid('train')!);
  process.kill(trainer, 'SIGKILL');
  await lab.progress(trained, ({ resumedAt }) => resumedAt > 0); // it went on, and did not begin again
  const result = await table.result();
  server.stop();

  expect(result.trainings).toEqual({ needed: 1, stored: 0, failed: 0 });
  expect(result.runs[0].outcome).toMatchObject({ steps: 2, test: { images: 6, top5: expect.any(Number) } });
  const [{ markdown, csv }] = result.tables;
  const text = String(await store.get(markdown));
  expect(text).toContain('6 + 6 images of 6 classes in ImageNet’s form');
  expect(text).toMatch(
    /\| random \| no \| no \| no \| [\d.]+ \| 95.20 \| [\d.]+ \| 99.14 \| [\d.]+ \([\d.]+\) \| 0.11 \| [\d.]+ \([\d.]+\) \| 0.56 \|/,
  );
  expect(String(await store.get(csv))).toMatch(/^row,labels,.*\nrandom-labels,random,false,false,false,/);
  expect(result.figures.map(({ name }) => name)).toEqual(['figure-2a', 'table-2-curves']);
  expect(result.verdicts.map(({ claim }) => claim)).toEqual([
    'table-2.random-labels.train.top-1',
    'table-2.random-labels.train.top-5',
    'table-2.random-labels.test.top-1',
    'table-2.random-labels.test.top-5',
  ]);
  expect(new Set(result.verdicts.map(({ kind }) => kind))).toEqual(new Set(['not judged at this scale']));
}, 300_000);

test('without a source the table fails at once and says which ways there are', async () => {
  const failure = await (await start({ profile: 'smoke' })).result().catch((error: unknown) => error);
  expect(rootOf(failure)).toMatchObject({
    type: 'InvalidInput',
    message: expect.stringContaining('No source of ImageNet is named'),
  });
}, 60_000);
