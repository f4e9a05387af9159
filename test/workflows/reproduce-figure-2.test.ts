/** Figure 2b on a real dev server, with real plans, pictures and verdicts. Its two trainings are pretend: of Inception
 *  they would take a minute, and they are tested elsewhere. */
import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activities, PlannedRun } from '../../activities/contract.ts';
import { readOutcome } from '../../activities/store/outcomes.ts';
import type { Store } from '../../activities/store/store.ts';
import type { reproduceFigure2 } from '../../workflows/figure-2.ts';
import { cifar10, made } from '../activities/verdicts/synthetic.ts';
import { rootOf } from '../faults/lab.ts';
import { type LightWorkers, startLightWorkers } from './light-workers.ts';
import { finishRun } from './pretend-runs.ts';

const EVALUATIONS =
  'step,train_correct,train_images,test_correct,test_images\n8,100,256,120,256\n16,200,256,150,256\n24,256,256,140,256\n';

const trained: PlannedRun[] = [];
let diverges = false;
/** Of the long figure: its seeds, of which the first have a network that diverges. */
const FIRST = 100;
const DIVERGING = 3;

let keeps = false; // whether what is trained is found in the store
let damaged = 0; // trainings whose evaluations are gone before they are drawn

const pretend = (store: Store): Partial<Activities> => ({
  fetchDataset: async () => cifar10,
  awaitTraining: async ({ planned }) => {
    const known = await readOutcome(store, planned);
    if (known) return known;
    trained.push(planned);
    const { model, seed } = planned.run.trajectory;
    const early = seed >= FIRST && seed < FIRST + DIVERGING;
    if ((diverges || early) && model === 'inception-without-batch-norm') {
      throw ApplicationFailure.nonRetryable('The loss is NaN.', 'LossNotFinite');
    }
    const { outcome } = made({ model, seed, budget: planned.run.stop.steps, testErrorPercent: 60 });
    if (!outcome) throw new Error('A made run without failure has an outcome.');
    const evaluations = await store.putIfAbsent(`${planned.id}/evaluations.csv`, Buffer.from(EVALUATIONS));
    if (damaged-- > 0) await store.setAside(evaluations.key);
    return keeps ? finishRun(store, planned, { weights: planned.id }) : { ...outcome, evaluations };
  },
});

let workers: LightWorkers;
beforeAll(async () => {
  // Of 4,096, from which it wants a new history.
  workers = await startLightWorkers(pretend, ['limit.historyCount.suggestContinueAsNew=150']);
}, 120_000);
afterAll(() => workers.close());

async function reproduce(input: object) {
  trained.length = 0;
  return workers.server.client.workflow.execute<typeof reproduceFigure2>('reproduceFigure2', {
    workflowId: `figure2-${randomUUID()}`,
    taskQueue: 'rethinking',
    args: [input],
  });
}

test('it trains both networks, draws their evaluations and judges', async () => {
  const { figures, verdicts, trainings, runs } = await reproduce({ seeds: [1, 2] });

  expect(trained).toHaveLength(4);
  expect(runs.map(({ planned }) => planned.id)).toEqual(expect.arrayContaining(trained.map(({ id }) => id)));
  expect(trainings).toEqual({ needed: 4, stored: 0, failed: 0 });
  const csv = String(await workers.store.get(figures[0].csv));
  expect(csv).toContain('look,inception-without-batch-norm,2,24,256,256,140,256,54.6875,58.59375,3.9063\n');
  expect(figures.map(({ name }) => name)).toEqual(['figure-2b']);
  expect(verdicts.map(({ claim, kind }) => [claim, kind])).toEqual([
    ['figure-2b.batch-norm-gains', 'not judged at this scale'],
    ['figure-2b.early-stopping-gains-nothing', 'not judged at this scale'],
    ['figure-2b.generalises-without-batch-norm', 'not judged at this scale'],
  ]);
  expect(verdicts[1].measured).toContain('with batch norm 3.91 points');
});

test('a network that diverges is a result: the other one is drawn, and nothing fails', async () => {
  diverges = true;

  const { verdicts, trainings, figures } = await reproduce({ seeds: [3] });

  expect(trainings.failed).toBe(1);
  expect(verdicts[2].measured).toContain('without diverged');
  expect(String(await workers.store.get(figures[0].spec))).toContain('no training ended');
});

test('what is damaged between its training and its picture is trained again, and drawn', async () => {
  diverges = false;
  damaged = 1;

  const { figures, trainings } = await reproduce({ seeds: [4] });

  expect(trained).toHaveLength(2 + 2); // the second time both, for none of the pretend ones is found in the store
  expect(trainings.failed).toBe(0);
  expect(String(await workers.store.get(figures[0].csv))).toContain('look,inception,4,');
});

test('what is damaged again and again fails the figure, with the object’s name and the way out', async () => {
  damaged = Number.POSITIVE_INFINITY;
  const failure = await reproduce({ seeds: [5] }).catch((error: unknown) => error);
  expect(rootOf(failure)).toMatchObject({
    type: 'ObjectDamaged',
    message: expect.stringContaining('evaluations.csv is missing from the store'),
  });
});

test('a figure whose history grows long goes on in new ones: what is stored is not trained again, what failed is not forgotten', async () => {
  [damaged, keeps] = [0, true];
  const seeds = Array.from({ length: 60 }, (_, i) => FIRST + i);
  const { trainings, runs } = await reproduce({ seeds });

  expect(trainings).toEqual({ needed: 120, stored: 0, failed: DIVERGING });
  expect(runs.filter(({ failure }) => failure).map(({ planned }) => planned.run.trajectory)).toMatchObject(
    seeds.slice(0, DIVERGING).map((seed) => ({ model: 'inception-without-batch-norm', seed })),
  );
  const query = `WorkflowType = 'reproduceFigure2' AND ExecutionStatus = 'ContinuedAsNew'`;
  const { count: histories } = await workers.server.client.workflow.count(query);
  expect(histories).toBeGreaterThan(0);
  const failed = new Set(runs.flatMap(({ planned, failure }) => (failure ? [planned.id] : [])));
  const [again, once] = [true, false].map((one) => trained.filter(({ id }) => failed.has(id) === one));
  expect(once).toHaveLength(120 - DIVERGING);
  // One may have failed in the very moment in which a history ended.
  expect(again!.length).toBeLessThan(2 * DIVERGING);
});
