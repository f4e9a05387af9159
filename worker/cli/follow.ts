/** Follows a figure's or table's workflow: which trainings wait, run or are done, with loss, speed and time left. The steps come
 *  from the heartbeats of the pending activities, so nothing is written to histories for them. */
import type { Client, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import logUpdate from 'log-update';
import { z } from 'zod';
import { trainingWorkflowId } from '../../activities/await-training.ts';
import { TheoremProgress, TrainingProgress } from '../../activities/contract.ts';
import { Failure, type FailureType } from '../../activities/failure/failure.ts';
import { type PaperProgress, paperQuery } from '../../workflows/paper.ts';
import type { ReproductionProgress } from '../../workflows/train-grid.ts';
import { trainingQuery } from '../../workflows/train-network.ts';
import { awaitResult } from './await-result.ts';
import { activityPause } from './held.ts';
import { duration, type Row, renderPlain, renderRows } from './rows.ts';

export interface Follow<Result> {
  result: Promise<Result>;
  stop(): void;
}

/** What is shown of a workflow; null while it cannot be asked. */
export type RowsOf = (client: Client, handle: WorkflowHandle) => Promise<Row[] | null>;

const SCHEDULED = 1; // of the API's PendingActivityState
const POLL_MS = 1000;
const PLAIN_EVERY_MS = 15_000;

export function follow<Result>(
  client: Client,
  workflowId: string,
  { json, rowsOf }: { json: boolean; rowsOf: RowsOf },
): Follow<Result> {
  const handle = client.workflow.getHandle<() => Promise<Result>>(workflowId);
  const show = json ? jsonDisplay() : process.stdout.isTTY ? liveDisplay() : plainDisplay();
  let stopped = false;

  const poll = async () => {
    while (!stopped) {
      const rows = await rowsOf(client, handle);
      if (rows && !stopped) show.update(rows);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const polling = poll();
  const stop = () => {
    stopped = true;
    show.done();
  };
  const result = awaitResult(handle, POLL_MS)
    .catch((error: unknown) => {
      throw error instanceof WorkflowFailedError ? sentenceOf(error) : error;
    })
    .finally(async () => {
      const rows = await rowsOf(client, handle);
      if (rows && !stopped) show.update(rows);
      stop();
      await polling;
    });
  return { result, stop };
}

/** One row a training. Null while the workers are not there yet, or the server restarts. */
export async function artifactRows(client: Client, handle: WorkflowHandle): Promise<Row[] | null> {
  try {
    const { runs, phase, paused } = await handle.query<ReproductionProgress>('progress');
    if (phase === 'data' && paused) return [pausedRow(handle)];
    if (phase === 'data')
      return [
        { title: await dataLine(handle), state: 'reading', progress: null, paused: null, trouble: null },
      ];
    if (phase === 'fitting') return [paused ? pausedRow(handle) : await stretchRow(handle)];
    const trainings = await Promise.all(
      runs.map(
        async ({ id, title, state }): Promise<Row> => ({
          title,
          state,
          ...(state === 'waiting'
            ? await stepsOf(client, id)
            : { progress: null, paused: null, trouble: null }),
        }),
      ),
    );
    if (paused) return [pausedRow(handle), ...trainings];
    return phase === 'drawing' ? [...trainings, await lastStep(handle)] : trainings;
  } catch {
    return null; // shown again a second later; the result itself is awaited elsewhere
  }
}

const pausedRow = ({ workflowId }: WorkflowHandle): Row => ({
  title: workflowId,
  state: 'waiting',
  progress: null,
  paused: `npm run pause; npm run resume -- ${workflowId} goes on`,
  trouble: null,
});

/** Pictures, tables and verdicts take seconds, unless something is wrong with them. */
async function lastStep(handle: WorkflowHandle): Promise<Row> {
  const { raw } = await handle.describe();
  return {
    title: 'pictures, tables, verdicts',
    state: 'running',
    progress: null,
    paused: null,
    trouble: troubleOf(raw.pendingActivities),
  };
}

/** What the last attempt of an activity died of, while it waits for the next. */
function troubleOf(pending: PendingActivities): string | null {
  const failed = pending?.find(({ lastFailure, state }) => lastFailure && state === SCHEDULED);
  return failed ? `attempt ${failed.attempt}, after: ${failed.lastFailure?.message}` : null;
}

/** One row an artifact, and of the one that is being made its trainings. */
export async function paperRows(client: Client, handle: WorkflowHandle): Promise<Row[] | null> {
  const plain = { progress: null, paused: null, trouble: null };
  try {
    const { artifacts, paused } = await handle.query<PaperProgress, []>(paperQuery);
    const rows = artifacts.map(async ({ artifact, workflowId, state }): Promise<Row[]> => {
      const own: Row = { title: artifact, state, ...plain };
      if (state !== 'running') return [own];
      const trainings = await artifactRows(client, client.workflow.getHandle(workflowId));
      return [own, ...(trainings ?? []).map((row) => ({ ...row, title: `  ${row.title}` }))];
    });
    return [...(paused ? [pausedRow(handle)] : []), ...(await Promise.all(rows)).flat()];
  } catch {
    return null;
  }
}

/** How far the data set has come, from the heartbeat of the activity that fetches it. */
async function dataLine(handle: WorkflowHandle): Promise<string> {
  const { raw } = await handle.describe();
  const seen = DataProgress.safeParse(newestHeartbeat(raw.pendingActivities));
  const { downloadedBytes, total, images } = seen.success ? seen.data : {};
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  if (images) return `data set: ${images.toLocaleString('en')} images read`;
  if (!downloadedBytes) return 'data set: opening its source';
  return `data set: ${megabytes(downloadedBytes)} of ${total ? megabytes(total) : '?'} MB downloaded`;
}

const DataProgress = z.object({
  downloadedBytes: z.number().optional(),
  total: z.number().nullish(),
  images: z.number().optional(),
});

/** Of Theorem 1, and of kernel systems, whose stretch says all. */
const FittingProgress = TheoremProgress.partial({ points: true });

/** What is being solved, from the heartbeat of the activity that does. */
async function stretchRow(handle: WorkflowHandle): Promise<Row> {
  const { raw } = await handle.describe();
  const seen = FittingProgress.safeParse(newestHeartbeat(raw.pendingActivities));
  const { stretch, points = null } = seen.success ? seen.data : { stretch: 'images' };
  return {
    title: `fitting: ${stretch}${points ? `, ${pointsLine(points)}` : ''}`,
    state: 'reading', // every line of it is new
    progress: null,
    paused: null,
    trouble: troubleOf(raw.pendingActivities),
  };
}

/** `320,000 of 1,281,167 points, 6,200 points/s, ≤ 3 min left` */
function pointsLine({ done, n, perSecond }: NonNullable<TheoremProgress['points']>): string {
  const [have, all, speed] = [done, n, Math.round(perSecond)].map((count) => count.toLocaleString('en'));
  return `${have} of ${all} points, ${speed} points/s, ≤ ${duration((n - done) / perSecond)} left`;
}

type PendingActivities = WorkflowExecutionDescription['raw']['pendingActivities'];

function newestHeartbeat(pending: PendingActivities): unknown {
  const [details] = (pending ?? []).flatMap((activity) => activity.heartbeatDetails?.payloads ?? []);
  return details && defaultPayloadConverter.fromPayload(details);
}

/** The steps of a run that figures wait for. */
export const stepsOf = (client: Client, runId: string) => stepsOfWorkflow(client, trainingWorkflowId(runId));

/** The newest heartbeat of a training, what pauses it, and what its last attempt died of. */
export async function stepsOfWorkflow(
  client: Client,
  workflowId: string,
): Promise<Pick<Row, 'progress' | 'paused' | 'trouble'>> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    const described = await handle.describe();
    const { pendingActivities } = described.raw;
    const parsed = TrainingProgress.safeParse(newestHeartbeat(pendingActivities));
    const paused =
      activityPause(described)?.by ?? (pendingActivities?.length ? null : await pausedAt(handle));
    return {
      progress: parsed.success ? parsed.data : null,
      paused,
      trouble: troubleOf(pendingActivities), // one that runs again has its progress to show
    };
  } catch {
    return { progress: null, paused: null, trouble: null }; // not started yet
  }
}

/** A training that is held by `npm run pause` has no activity that would tell. */
async function pausedAt(handle: WorkflowHandle): Promise<string | null> {
  const { phase, step, steps } = await handle.query(trainingQuery);
  return phase === 'paused'
    ? `npm run pause, at step ${step} of ${steps}; npm run resume -- ${handle.workflowId} goes on`
    : null;
}

function sentenceOf(error: WorkflowFailedError): Error {
  let cause: Error | undefined = error;
  while (cause?.cause instanceof Error) cause = cause.cause;
  return cause instanceof ApplicationFailure
    ? new Failure((cause.type ?? 'InvalidInput') as FailureType, cause.message)
    : new Error(`${error.message} ${cause?.message ?? ''}`.trim());
}

const liveDisplay = () => ({
  update: (rows: Row[]) => logUpdate(renderRows(rows, process.stdout.columns ?? 100)),
  done: () => logUpdate.done(),
});

function plainDisplay() {
  const said = new Map<string, string>();
  let spokenAt = 0;
  return {
    update(rows: Row[]) {
      const now = performance.now();
      const due = now - spokenAt >= PLAIN_EVERY_MS;
      for (const row of rows) {
        const line = renderPlain(row);
        const moving = row.state === 'reading' || (row.progress && !row.trouble); // every line of it is new
        const news = row.trouble || row.state !== 'waiting';
        if (moving ? due : news && said.get(row.title) !== line) console.log(line);
        said.set(row.title, line);
      }
      if (due) spokenAt = now;
    },
    done() {},
  };
}

const jsonDisplay = () => ({
  update: (rows: Row[]) => console.log(JSON.stringify({ kind: 'progress', runs: rows })),
  done() {},
});
