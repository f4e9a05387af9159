/** Everything that crosses Temporal: one object in, one object out for every activity, references instead of
 *  bytes. Schema and type share a name; `interface Activities` at the end is the table of contents. */
import { z } from 'zod';
import type {
  DrawnFigure,
  DrawRequest,
  Failed,
  JudgeRequest,
  Reproduction,
  TableRequest,
  WrittenReport,
  WrittenTable,
} from './contract/artifacts.ts';
import type { DatasetRef, ImageNetRef, PreparedDataset } from './contract/data.ts';
import type { ChoiceRequest, KernelChoice, KernelSystem, SolvedKernel } from './contract/kernel.ts';
import type { DescendedLinear, FittedInterpolants } from './contract/linear.ts';
import type { Canary, CanaryRun, WrittenDrift } from './contract/night.ts';
import type {
  Limits,
  PaperOptions,
  SampleLabels,
  WORKFLOW_OPTIONS,
  WorkflowType,
} from './contract/options.ts';
import {
  type Augmentation,
  type Corruption,
  type DatasetId,
  type DatasetName,
  ObjectRef,
  type Outcome,
  type PlannedRun,
  type TrainedBy,
  type UnboundRun,
} from './contract/runs.ts';
import type { FittedTheorem, TheoremSample } from './contract/theorem.ts';

export * from './contract/artifacts.ts';
export * from './contract/data.ts';
export * from './contract/kernel.ts';
export * from './contract/linear.ts';
export * from './contract/night.ts';
export * from './contract/options.ts';
export * from './contract/runs.ts';
export * from './contract/theorem.ts';

// ── progress ────────────────────────────────────────────────────────────────────────────────────────────────

/** Heartbeat of a training: a pointer and a few numbers, never bytes. */
export const TrainingProgress = z.strictObject({
  runId: z.string(),
  /** The step this attempt began after: 0, or that of the checkpoint it goes on from. */
  resumedAt: z.int(),
  step: z.int(),
  steps: z.int(),
  loss: z.number().nullable(),
  stepsPerSecond: z.number().nullable(),
  /** Evaluated training accuracy in per cent, when there is one. */
  trainAccuracyPercent: z.number().nullable(),
  checkpoint: ObjectRef.extend({ step: z.int() }).nullable(),
  device: z.string(),
});
export type TrainingProgress = z.infer<typeof TrainingProgress>;

// ── activities ──────────────────────────────────────────────────────────────────────────────────────────────

export interface Activities {
  /** Validates a workflow's input and fills in defaults; names every bad field. Queue `rethinking`. */
  readOptions<T extends WorkflowType>(request: {
    workflow: T;
    input: unknown;
  }): Promise<{ options: z.infer<(typeof WORKFLOW_OPTIONS)[T]>; limits: Limits }>;
  /** Gives runs their ids and says which are in the store already. Queue `rethinking`. */
  planRuns(request: {
    dataset: DatasetId;
    runs: UnboundRun[];
  }): Promise<{ planned: PlannedRun; outcome: Outcome | null }[]>;
  /** Starts `trainNetwork` for a run, or joins the one that is on its way, and waits. by: a person's own workflow that
   *  trains it; TrainingCancelled when that ends before it has. Queue `rethinking`. */
  awaitTraining(request: { planned: PlannedRun; by?: TrainedBy }): Promise<Outcome>;
  /** Makes the workflow that asks the one that trains a run, unless another that runs is: then that one. Queue
   *  `rethinking`. */
  claimTraining(request: { planned: PlannedRun }): Promise<TrainedBy | null>;
  /** The outcome of a finished run, if the store has it whole. Queue `rethinking`. */
  findOutcome(request: { planned: PlannedRun }): Promise<Outcome | null>;

  /** Has a data set in the store, from wherever it comes. Queue `rethinking-data`. */
  fetchDataset(request: { name: DatasetName; source: string | null }): Promise<DatasetRef>;
  /** Has an index of a source's ImageNet in the store. Queue `rethinking-data`. */
  indexImageNet(request: { source: string | null }): Promise<ImageNetRef>;
  /** Crops, corrupts and whitens a data set. Queue `rethinking-data`. */
  prepareDataset(request: {
    dataset: DatasetId;
    trainImages: number | null;
    testImages: number | null;
    corruption: Corruption;
    /** Training images that are augmented stay as they are stored: every step crops and whitens its own. Trainings
     *  that were planned before there was any have none. */
    augmentation?: Augmentation;
  }): Promise<PreparedDataset>;

  /** Builds Theorem 1 and Corollary 1 on a data set's first training images, or on generated points, and checks them.
   *  Queue `rethinking-data`. */
  fitTheorem(request: { sample: TheoremSample; labels: SampleLabels; seed: number }): Promise<FittedTheorem>;

  /** SGD on a linear model of a data set's first training images, from zero and from elsewhere, against the least-norm
   *  solution. Goes on from the newest kept iterate. Queue `rethinking-data`. */
  descendLinear(request: {
    dataset: DatasetId;
    /** Null takes as many as `pointsPerDimension` says. */
    points: number | null;
    pointsPerDimension: number;
    testImages: number;
    seed: number;
  }): Promise<DescendedLinear>;
  /** Kernel machines that fit a data set's first training images. Goes on after the last one that is kept. Queue
   *  `rethinking-data`. */
  fitInterpolants(request: {
    dataset: DatasetId;
    trainImages: number;
    testImages: number;
    /** First training images that bandwidths are chosen on. */
    choosing: number;
    seed: number;
  }): Promise<FittedInterpolants>;

  /** Trains from the newest whole checkpoint until the run stops, the segment's time is up or it is cancelled
   *  (then it returns with a checkpoint, `finished` null). Queue `rethinking-train`, one at a time a device. */
  trainSegment(request: {
    planned: PlannedRun;
    /** Null for ImageNet, which the trainer reads where it lies. */
    prepared: PreparedDataset | null;
    /** The segment ends at the first checkpoint after this many seconds. */
    segmentSeconds: number;
  }): Promise<{ finished: Outcome | null; step: number }>;

  /** Chooses a bandwidth, wavelets or λ on training images alone. Queue `rethinking-train`. */
  chooseKernel(request: ChoiceRequest): Promise<KernelChoice>;
  /** Solves a kernel system for some λ, goes on from checkpoints, answers from the store. Queue `rethinking-train`. */
  solveKernel(request: { system: KernelSystem; l2: number[] }): Promise<SolvedKernel[]>;

  /** Draws one figure, or one panel of it. Queue `rethinking`. */
  drawFigure(request: DrawRequest): Promise<DrawnFigure>;
  /** Writes a table for people and for programs. Queue `rethinking`. */
  writeTable(request: TableRequest): Promise<WrittenTable>;
  /** Judges what the paper claims of an artifact, and keeps all that was made of it as one record. Queue
   *  `rethinking`. */
  judge(request: JudgeRequest): Promise<Reproduction>;
  /** Writes the report: everything that was made, beside what the paper says. Queue `rethinking`. */
  writeReport(request: { reproductions: (Reproduction | Failed)[] }): Promise<WrittenReport>;

  /** Waits until a paper has trained so many networks and would train another. Queue `rethinking`. */
  awaitTrainings(request: { workflowId: string; count: number }): Promise<{ trained: number }>;
  /** What the night before left unfinished. Queue `rethinking`. */
  readNight(request: { request: PaperOptions }): Promise<{ unfinished: CanaryRun[] }>;
  /** Holds a night against the one before, and keeps it for the next. Queue `rethinking`. */
  reportDrift(request: {
    /** When it was due, ISO 8601. */
    night: string;
    workflowId: string;
    runId: string;
    request: PaperOptions;
    reproductions: (Reproduction | Failed)[];
    canaries: Canary[];
  }): Promise<WrittenDrift>;
  /** Posts a drift report to the worker's webhook, if it has one. Queue `rethinking`. */
  sendAlert(request: { drift: WrittenDrift }): Promise<{ sent: boolean }>;
}
