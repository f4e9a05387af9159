/** Pictures, tables, verdicts, the report, and what is asked of those who make them. */
import { z } from 'zod';
import type { DatasetRef, ImageNetRef } from './data.ts';
import type { KernelChoice, SolvedKernel } from './kernel.ts';
import type { DescendedLinear, FittedInterpolants } from './linear.ts';
import type { SampleLabels, Table3Row } from './options.ts';
import {
  type Cifar10Model,
  Condition,
  Fraction,
  ObjectRef,
  Outcome,
  PlannedRun,
  type Profile,
} from './runs.ts';
import type { FittedTheorem } from './theorem.ts';

/** One drawn panel, in open formats. */
export const DrawnFigure = z.strictObject({
  name: z.string(),
  folder: z.string(),
  spec: ObjectRef,
  svg: ObjectRef,
  png: ObjectRef,
  csv: ObjectRef,
  provenance: ObjectRef,
});
export type DrawnFigure = z.infer<typeof DrawnFigure>;

/** One written table, for people and for programs. */
export const WrittenTable = z.strictObject({
  name: z.string(),
  folder: z.string(),
  markdown: ObjectRef,
  csv: ObjectRef,
  provenance: ObjectRef,
});
export type WrittenTable = z.infer<typeof WrittenTable>;

/** A run that an artifact needs, and how it ended. */
export const TrainedRun = z.strictObject({
  planned: PlannedRun,
  outcome: Outcome.nullable(),
  /** Why there is no outcome: the failure's type and sentence. */
  failure: z.strictObject({ type: z.string(), message: z.string() }).nullable(),
});
export type TrainedRun = z.infer<typeof TrainedRun>;

/** One curve or point of Figure 1: which run it is, and what the paper calls it. */
export const FigureRun = TrainedRun.extend({
  condition: Condition.nullable(),
  corruptionLevel: Fraction.nullable(),
});
export type FigureRun = z.infer<typeof FigureRun>;

/** One seed of a table's row; `row` is the row's id. */
export const TableRun = TrainedRun.extend({ row: z.string() });
export type TableRun = z.infer<typeof TableRun>;

export const VerdictKind = z.enum([
  'reproduced',
  'off',
  'contradicted',
  'depends on an open choice',
  'not judged at this scale',
  'not run',
]);
export type VerdictKind = z.infer<typeof VerdictKind>;

/** One judged claim or number. */
export const Verdict = z.strictObject({
  /** Id of the record in `activities/verdicts/`. */
  claim: z.string(),
  /** What the paper says, in a few words or as its number. */
  published: z.string(),
  /** What was measured, with its interval and its sample. */
  measured: z.string(),
  /** What was measured as a number, in the unit of what is published, and how far off another draw of it would lie in
   *  19 of 20 cases; of single numbers. */
  number: z.strictObject({ value: z.number(), half: z.number() }).optional(),
  kind: VerdictKind,
  /** Whether what was seen points the paper's way, also where the scale forbids a verdict; null: nothing seen, or nothing
   *  against the paper in only part of what the claim is about. */
  agrees: z.boolean().nullable(),
  /** One sentence. */
  reason: z.string(),
});
export type Verdict = z.infer<typeof Verdict>;

export const ArtifactName = z.enum([
  'figure-1',
  'figure-2',
  'figure-3',
  'table-1',
  'table-2',
  'table-3',
  'table-4',
  'theorem-1',
  'implicit-regularization',
]);
export type ArtifactName = z.infer<typeof ArtifactName>;

/** What a workflow made of one figure, table or theorem; the report is made of these. */
export const Reproduction = z.strictObject({
  artifact: ArtifactName,
  /** What makes it again: the workflow's type and its input. */
  workflow: z.string(),
  input: z.record(z.string(), z.unknown()),
  /** One line: data set, scale, seeds, precision. */
  stamp: z.string(),
  figures: z.array(DrawnFigure),
  tables: z.array(WrittenTable),
  verdicts: z.array(Verdict),
  verdictsJson: ObjectRef,
  verdictsMarkdown: ObjectRef,
  trainings: z.strictObject({
    needed: z.int().nonnegative(),
    /** In the store before the workflow started. */
    stored: z.int().nonnegative(),
    failed: z.int().nonnegative(),
  }),
});
export type Reproduction = z.infer<typeof Reproduction>;

/** An artifact of which there is nothing, and why. */
export const Failed = z.strictObject({
  artifact: ArtifactName,
  /** Of its workflow. */
  input: z.record(z.string(), z.unknown()),
  failure: z.strictObject({ type: z.string(), message: z.string() }),
});
export type Failed = z.infer<typeof Failed>;

/** One page that stands for itself. */
export const WrittenReport = z.strictObject({
  folder: z.string(),
  html: ObjectRef,
  provenance: ObjectRef,
});
export type WrittenReport = z.infer<typeof WrittenReport>;

/** What pictures and verdicts need to know of a data set. */
export type DatasetSummary = Pick<DatasetRef | ImageNetRef, 'id' | 'title' | 'form'> &
  Record<'train' | 'test', { count: number }>;

interface OfRuns<Run extends TrainedRun, Dataset extends DatasetSummary = DatasetRef> {
  profile: Profile;
  dataset: Dataset;
  runs: Run[];
}

export interface OfTheorem {
  profile: Profile;
  /** Null: generated points. */
  dataset: DatasetRef | null;
  labels: SampleLabels;
  seed: number;
  theorem: FittedTheorem;
}

/** A row of Table 3: how its open choice was made, and its systems, one λ each, 0 the first. */
export interface KernelRow {
  row: Table3Row;
  choice: KernelChoice;
  solved: SolvedKernel[];
}

export interface OfKernels {
  profile: Profile;
  /** Null where no row wants them. */
  digits: DatasetRef | null;
  photographs: DatasetRef | null;
  seed: number;
  kernels: KernelRow[];
}

export interface OfLinearModels {
  profile: Profile;
  dataset: DatasetRef;
  seed: number;
  descent: DescendedLinear;
  machines: FittedInterpolants;
}

export type DrawRequest =
  | ({ figure: '1a' | '1b' | '1c' } & OfRuns<FigureRun>)
  | ({ figure: '2b' } & OfRuns<TrainedRun>)
  /** The curves of every row. */
  | ({ figure: 'table-1' | 'table-4' } & OfRuns<TableRun>)
  | ({ figure: '2a' } & OfRuns<TableRun, ImageNetRef>)
  | ({ figure: 'table-2' } & OfRuns<TableRun, ImageNetRef>)
  | { figure: '3'; model: Cifar10Model }
  | ({
      figure: 'theorem-1-function' | 'theorem-1-error' | 'theorem-1-projection' | 'corollary-1';
    } & OfTheorem)
  | ({ figure: 'sgd-distance' | 'sgd-optima' } & OfLinearModels);

export type TableRequest =
  | ({ table: '1' | '4' } & OfRuns<TableRun>)
  | ({ table: '2' } & OfRuns<TableRun, ImageNetRef>)
  /** The table itself, its sweep over λ, and how its open choices were made. */
  | ({ table: '3' | '3-l2' | '3-choices' } & OfKernels)
  | ({ table: 'interpolants' } & OfLinearModels);

export type JudgeRequest = Pick<Reproduction, 'figures' | 'tables' | 'workflow' | 'input'> & {
  stored: number;
} & (
    | ({ artifact: 'figure-1'; panels: ('a' | 'b' | 'c')[] } & OfRuns<FigureRun>)
    | ({ artifact: 'figure-2' } & OfRuns<TrainedRun>)
    | ({ artifact: 'table-1' | 'table-4' } & OfRuns<TableRun>)
    | ({ artifact: 'table-2' } & OfRuns<TableRun, ImageNetRef>)
    | { artifact: 'figure-3'; model: Cifar10Model }
    | ({ artifact: 'theorem-1' } & OfTheorem)
    | ({ artifact: 'table-3' } & OfKernels)
    | ({ artifact: 'implicit-regularization' } & OfLinearModels)
  );
