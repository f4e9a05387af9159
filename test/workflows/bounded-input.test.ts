import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bounded } from '../../workflows/bounded-input.ts';
import { rootOf } from '../faults/lab.ts';
import { type LightWorkers, startLightWorkers } from './light-workers.ts';

let workers: LightWorkers;
beforeAll(async () => {
  workers = await startLightWorkers(() => ({}));
}, 120_000);
afterAll(() => workers.close());

/** Lists in lists. */
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

test('what a person asks for passes as it is', () => {
  const input = { profile: 'quick', panels: ['a'], corruption: { labels: 1 } };
  expect(bounded(input)).toBe(input);
});

test.each([
  ['is nested more than 16 levels deep', nested(18)],
  ['has more than 4096 values', { seeds: Array.from({ length: 5000 }, (_, i) => i) }],
  ['has more than 65536 characters of text', { source: 'x'.repeat(70_000) }],
  ['has more than 65536 characters of text', { ['x'.repeat(70_000)]: 1 }],
])('an input that %s is refused', (fact, input) => {
  expect(() => bounded(input)).toThrow(`The input ${fact}`);
});

test('an input nested a hundred thousand deep fails its workflow at once, instead of blocking it for ever', async () => {
  const { client } = workers.server;
  const depth = 100_000;
  const workflowId = `deep-${randomUUID()}`;
  await client.connection.workflowService.startWorkflowExecution({
    namespace: 'default',
    requestId: randomUUID(),
    workflowId,
    workflowType: { name: 'reproduceFigure3' },
    taskQueue: { name: 'rethinking' },
    // As text: what makes JSON of values here would overflow too.
    input: {
      payloads: [
        {
          metadata: { encoding: Buffer.from('json/plain') },
          data: Buffer.from(`{"model":${'['.repeat(depth)}${']'.repeat(depth)}}`),
        },
      ],
    },
  });
  const failure = await client.workflow
    .getHandle(workflowId)
    .result()
    .catch((error: unknown) => error);
  expect(rootOf(failure)).toMatchObject({ type: 'InvalidInput' });
});

test('every workflow that reads options bounds its input first', () => {
  const folder = new URL('../../workflows/', import.meta.url);
  const calls = readdirSync(folder).flatMap((file) => [
    ...readFileSync(new URL(file, folder), 'utf8').matchAll(/light\.readOptions\(\{[^}]*\}/g),
  ]);
  expect(calls.length).toBeGreaterThan(9); // canaries read what nightly has bounded
  for (const [call] of calls) expect(call).toContain('input: bounded(input)');
});
