/** One night: the paper within a budget, a few stored runs trained again, and what of all that differs from the night
 *  before. What the budget leaves out is no failure: trainings stop at a checkpoint and the next night goes on. The night
 *  fails when an artifact cannot be made, after its report, so that a schedule with `pauseOnFailure` waits for a person
 *  (what failed for good tonight fails tomorrow too); drift alone is told, and fails nothing. */
import {
  ApplicationFailure,
  CancellationScope,
  defineQuery,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  Activities,
  ArtifactName,
  Limits,
  NightlyOptions,
  PaperOptions,
  WrittenDrift,
  WrittenReport,
} from '../activities/contract.ts';
import { bounded } from './bounded-input.ts';
import { type CanaryProgress, retrainCanaries } from './canaries.ts';
import * as options from './options.ts';
import { BUDGET_USED_UP, type Paper, reproducePaper, stopSignal } from './paper.ts';

export interface NightResult {
  /** unfinished: the budget was used up; the next night goes on. */
  state: 'finished' | 'unfinished';
  leftOut: ArtifactName[];
  report: WrittenReport;
  drift: WrittenDrift;
}

export interface NightProgress {
  phase: 'canaries' | 'paper' | 'drift report' | 'done';
  canaries: CanaryProgress[];
  /** The workflow of the paper. */
  paper: string;
}

export const nightQuery = defineQuery<NightProgress>('night');

const paperOf = () => `${workflowInfo().workflowId}-paper`;

export async function nightlyPaper(input: unknown = {}): Promise<NightResult> {
  const progress: NightProgress = { phase: 'canaries', canaries: [], paper: paperOf() };
  setHandler(nightQuery, () => progress);
  const enter = (phase: NightProgress['phase']) => {
    progress.phase = phase;
    setCurrentDetails(phase);
  };
  const light = proxyActivities<Activities>(options.quick);
  const { options: asked, limits } = await light.readOptions({
    workflow: 'nightlyPaper',
    input: bounded(input),
  });
  const { budget, canaries: count, ...request } = asked;
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const due = dueAt();
  const { minutes } = budget;
  const after = (share: number) => (minutes === null ? NEVER : sleep(minutes * share * 60_000));
  const timeIsUp = after(1);

  enter('canaries');
  const { unfinished } = await light.readNight({ request });
  const canaries = await retrainCanaries(
    { request, limits, count, unfinished, night: dayOf(due), salt: runId },
    after(CANARIES_SHARE),
    (shown) => {
      progress.canaries = shown;
    },
  );
  enter('paper');
  const { reproductions, report } = await paperWithin(budget, timeIsUp, request, limits);
  enter('drift report');
  const night = due.toISOString();
  const drift = await light.reportDrift({ night, workflowId, runId, request, reproductions, canaries });
  if (drift.differences > 0) await alert(drift);

  const failures = reproductions.flatMap((made) => ('failure' in made ? [made] : []));
  const leftOut = failures
    .filter(({ failure }) => failure.type === BUDGET_USED_UP)
    .map(({ artifact }) => artifact);
  const failed = failures.filter(({ artifact }) => !leftOut.includes(artifact));
  if (failed.length > 0) {
    const reasons = failed.map(({ artifact, failure }) => `${artifact}: ${failure.message}`);
    throw ApplicationFailure.nonRetryable(`The night ended without ${reasons.join('; ')}`, 'NightFailed');
  }
  const cut = leftOut.length > 0 || canaries.some(({ outcome, failure }) => !outcome && !failure);
  const state = cut ? 'unfinished' : 'finished';
  progress.phase = 'done';
  setCurrentDetails(`${state}: ${drift.differences} differences`);
  return { state, leftOut, report, drift };
}

/** Of the budget: a canary that takes longer goes on in the nights to come, and the paper comes forward in each. */
const CANARIES_SHARE = 0.25;

const NEVER = new Promise<never>(() => {});

/** The time that a schedule started it for: a night that is made up for counts as the one it is, not as today. */
function dueAt(): Date {
  const [scheduled] = workflowInfo().searchAttributes.TemporalScheduledStartTime ?? [];
  return scheduled instanceof Date ? scheduled : workflowInfo().startTime;
}

const DAY_MS = 86_400_000;
const dayOf = (time: Date) => Math.floor(time.getTime() / DAY_MS);

/** The paper in a workflow of its own, which is told to stop when the budget is used up. */
async function paperWithin(
  budget: NightlyOptions['budget'],
  timeIsUp: Promise<void>,
  request: PaperOptions,
  limits: Limits,
): Promise<Paper> {
  const workflowId = paperOf();
  const paper = await startChild(reproducePaper, { workflowId, args: [request] });
  const ended = paper.result();
  const watch = new CancellationScope();
  const { awaitTrainings } = proxyActivities<Activities>(options.waiting(limits));
  const enough =
    budget.trainings === null
      ? NEVER
      : watch.run(() => awaitTrainings({ workflowId, count: budget.trainings ?? 0 })).catch(() => NEVER);
  const used = await Promise.race([
    ended.then(() => false),
    timeIsUp.then(() => true),
    enough.then(() => true),
  ]);
  if (used) await paper.signal(stopSignal).catch(() => {}); // it has just ended by itself
  const made = await ended;
  watch.cancel();
  return made;
}

/** Nobody to tell is no reason to fail: the report lies in the store. */
async function alert(drift: WrittenDrift): Promise<void> {
  const { sendAlert } = proxyActivities<Activities>(options.alerting);
  await sendAlert({ drift }).catch((error: unknown) => {
    if (isCancellation(error)) throw error;
  });
}
