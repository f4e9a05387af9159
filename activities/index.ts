/** The activities of each task queue, made from what they depend on. */
import type { ChildProcess } from 'node:child_process';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { createAwaitTraining } from './await-training.ts';
import { createAwaitTrainings } from './await-trainings.ts';
import { createClaimTraining } from './claim-training.ts';
import type { Activities, DatasetName, Limits } from './contract.ts';
import { createDescendLinear } from './descend-linear.ts';
import { createDrawFigure } from './draw-figure.ts';
import { Failure, FINAL_FAILURES } from './failure/failure.ts';
import { createFetchDataset } from './fetch-dataset.ts';
import { createFindOutcome } from './find-outcome.ts';
import { createFitInterpolants } from './fit-interpolants.ts';
import { createFitTheorem } from './fit-theorem.ts';
import { createIndexImageNet } from './index-imagenet.ts';
import { createJudge } from './judge.ts';
import { createPlanRuns } from './plan-runs.ts';
import { createPrepareDataset } from './prepare-dataset.ts';
import type { Environment } from './provenance/provenance.ts';
import { createReadNight } from './read-night.ts';
import { createReadOptions } from './read-options.ts';
import { createReportDrift } from './report-drift.ts';
import { createSendAlert } from './send-alert.ts';
import { createChooseKernel, createSolveKernel } from './solve-kernel.ts';
import type { Store } from './store/store.ts';
import { createTrainSegment, type TrainerRequest } from './train-segment.ts';
import { createWriteReport } from './write-report.ts';
import { createWriteTable } from './write-table.ts';

interface Shared {
  store: Store;
  environment: Environment;
  now: () => Date;
}

/** Queue `rethinking`: plans, waits, pictures, verdicts. */
export function createLightActivities(deps: Shared & { client: Client; limits: Limits; alertUrl?: string }) {
  return withTypedFailures({
    readOptions: createReadOptions(deps),
    planRuns: createPlanRuns(deps),
    findOutcome: createFindOutcome(deps),
    awaitTraining: createAwaitTraining(deps),
    claimTraining: createClaimTraining(deps),
    drawFigure: createDrawFigure(deps),
    writeTable: createWriteTable(deps),
    judge: createJudge(deps),
    writeReport: createWriteReport(deps),
    awaitTrainings: createAwaitTrainings(deps),
    readNight: createReadNight(deps),
    reportDrift: createReportDrift(deps),
    sendAlert: createSendAlert(deps),
  } satisfies Partial<Activities>);
}

/** Queue `rethinking-data`: downloads, decoding, corruption, samples of images. */
export function createDataActivities(
  deps: Shared & {
    sources: Partial<Record<DatasetName, string>>;
    imagenet?: string;
    cacheFolder: string;
  },
) {
  return withTypedFailures({
    fetchDataset: createFetchDataset(deps),
    prepareDataset: createPrepareDataset(deps),
    indexImageNet: createIndexImageNet(deps),
    fitTheorem: createFitTheorem(deps),
    descendLinear: createDescendLinear(deps),
    fitInterpolants: createFitInterpolants(deps),
  } satisfies Partial<Activities>);
}

/** Queue `rethinking-train`: one training, or kernel system, a device. */
export function createTrainActivities(deps: {
  forkTrainer: (request: TrainerRequest, before: unknown) => ChildProcess;
  forkSolver: () => ChildProcess;
}) {
  return withTypedFailures({
    trainSegment: createTrainSegment(deps),
    chooseKernel: createChooseKernel(deps),
    solveKernel: createSolveKernel(deps),
  } satisfies Partial<Activities>);
}

/** Temporal names an error by its class; here its type is what decides about a retry, so failures are handed over
 *  under their own type. */
export function withTypedFailures<T extends object>(activities: T): T {
  const typed =
    (activity: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]): Promise<unknown> => {
      try {
        return await activity(...args);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        const { type, message } = error;
        const nonRetryable = FINAL_FAILURES.some((final) => final === type);
        throw ApplicationFailure.create({ type, message, nonRetryable });
      }
    };
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [name, typed(activity)]),
  ) as T;
}
