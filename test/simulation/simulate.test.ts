/** The short form of `npm run simulate`: one seed of every trained artifact, at a trainer that returns at once. */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulate } from './simulate.ts';

let server: TestWorkflowEnvironment;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const path = process.env.RETHINKING_TEMPORAL;
  if (!path) throw new Error('RETHINKING_TEMPORAL is not set: run the tests through `npm test`');
  server = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
}, 120_000);
afterAll(() => server.teardown());

test('the paper trains every run once, in histories far from their limits', async () => {
  const { paper, trainings, histories, mostPending, offloaded } = await simulate({
    address: server.address,
    input: { artifacts: ['figure-1', 'table-1'], profile: 'paper', seeds: [1] },
  });
  const needed = paper.reproductions.map((made) => ('failure' in made ? made.failure : made.trainings));

  expect(needed).toEqual([
    { needed: 36, stored: 0, failed: 0 },
    { needed: 19, stored: expect.any(Number), failed: 0 },
  ]);
  const shared = (needed[1] as { stored: number }).stored;
  expect(trainings).toBe(36 + 19 - shared);
  expect(histories.trainNetwork?.workflows).toBe(trainings);
  expect(mostPending).toBeLessThanOrEqual(64); // the window
  // Temporal suggests to continue as new from 4,096 events or 4 MB on, and refuses 51,200 or 50 MB.
  for (const { events, bytes } of Object.values(histories)) {
    expect(events).toBeLessThan(4_096);
    expect(bytes).toBeLessThan(4_000_000);
  }
  expect(offloaded.payloads).toBe(0); // what one seed needs stays readable in its history
}, 240_000);
