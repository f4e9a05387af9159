/** The whole paper: its order, and what happens when an artifact cannot be made. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planRun } from '../../activities/identity/run-id.ts';
import { parseOptions } from '../../activities/read-options.ts';
import type { Store } from '../../activities/store/store.ts';
import { figure1Grid } from '../../workflows/figure-1.ts';
import { figure2Grid } from '../../workflows/figure-2.ts';
import type { reproducePaper } from '../../workflows/paper.ts';
import { table1Grid } from '../../workflows/table-1.ts';
import { table4Grid } from '../../workflows/table-4.ts';
import { type Lab, openLab } from '../faults/lab.ts';

const dataset = { name: 'cifar10', sha256: '0'.repeat(64) } as const;

test.each(['smoke', 'quick', 'paper'])(
  'at the %s profile no run of a trajectory comes after a longer one, which it could not go on from',
  (profile) => {
    const input = { profile };
    const grids: Record<string, { run: Parameters<typeof planRun>[1] }[]> = {
      'figure-1': figure1Grid(parseOptions('reproduceFigure1', input)),
      'figure-2': figure2Grid(parseOptions('reproduceFigure2', input)),
      'figure-3': [],
      'table-3': [],
      'table-1': table1Grid(parseOptions('reproduceTable1', input)),
      'theorem-1': [],
      'implicit-regularization': [],
      'table-4': table4Grid(parseOptions('reproduceTable4', input)),
    };
    const { artifacts } = parseOptions('reproducePaper', input);
    const planned = artifacts.flatMap((artifact) => grids[artifact].map(({ run }) => planRun(dataset, run)));
    const longest = new Map<string, number>();
    for (const { trajectoryId, run } of planned) {
      expect(run.stop.steps).toBeGreaterThanOrEqual(longest.get(trajectoryId) ?? 0);
      longest.set(trajectoryId, run.stop.steps);
    }
    expect(longest.size).toBeGreaterThan(20);
  },
);

let lab: Lab;
let store: Store;
beforeAll(async () => {
  lab = await openLab();
  store = lab.startWorkers().store;
}, 60_000);
afterAll(() => lab.close());

test('an artifact that cannot be made does not stop the next, and the report says what happened', async () => {
  const input = { artifacts: ['table-1', 'figure-3'], source: '/no/such/archive.tar.gz' };
  const paper = await lab.client.workflow.start<typeof reproducePaper>('reproducePaper', {
    workflowId: `paper-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [input],
  });

  const { reproductions, report } = await paper.result();

  expect(reproductions).toMatchObject([
    { artifact: 'table-1', input: { profile: 'quick' }, failure: { type: 'DatasetUnavailable' } },
    {
      artifact: 'figure-3',
      verdicts: expect.arrayContaining([expect.objectContaining({ kind: 'reproduced' })]),
    },
  ]);
  const html = String(await store.get(report.html));
  expect(html).toContain('/no/such/archive.tar.gz');
  expect(html).toContain('npm run figure3');
  expect(html).toContain('1,649,402');
}, 120_000);
