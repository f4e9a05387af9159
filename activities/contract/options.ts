/** What users pass: the input of every workflow, each field with its default. */
import { z } from 'zod';
import { Source } from './data.ts';
import {
  Cifar10Model,
  Condition,
  Corruption,
  DatasetName,
  Fraction,
  PlannedRun,
  Precision,
  Profile,
  Regularization,
  Seed,
  Stop,
} from './runs.ts';

/** What networks are trained on, and Theorem 1 is held to. */
const ColourImages = DatasetName.refine((name) => name !== 'mnist', {
  message: 'is for Table 3 and the linear models; the paper’s networks take CIFAR-10: cifar10 or procedural',
});

/** What every figure and table of trained networks takes; every field may be left out. */
const Common = {
  profile: Profile.default('quick'),
  dataset: ColourImages.default('cifar10'),
  source: Source.nullable().default(null),
  seeds: z.array(Seed).min(1).default([1]),
  precision: Precision.default('float32'),
};

/** Of tables and figures that switch weight decay on: the coefficient, λ of λ/2·‖w‖² over all kernels. Open in the
 *  paper, which took each model's default; 5e-4 is usual on CIFAR-10. */
const Coefficient = z.number().positive().default(5e-4);

/** Input of `reproduceFigure1`. */
export const Figure1Options = z
  .strictObject({
    ...Common,
    panels: z
      .array(z.enum(['a', 'b', 'c']))
      .min(1)
      .default(['a', 'b', 'c']),
    /** Panel a draws the first of them, panels b and c all. */
    models: z.array(Cifar10Model).min(1).default(['inception', 'alexnet', 'mlp-1x512']),
    /** Of panel a. */
    conditions: z
      .array(Condition)
      .min(1)
      .default([...Condition.options]),
    /** Label corruption of panels b and c; null takes the profile's grid. True labels (0) are b's unit. */
    corruptionLevels: z.array(Fraction).min(1).nullable().default(null),
    regularization: Regularization.prefault({}),
  })
  .refine(
    ({ panels, conditions, regularization: { augmentation } }) =>
      !Object.values(augmentation).includes(true) ||
      !panels.includes('a') ||
      conditions.every((condition) => condition === 'true-labels' || condition === 'random-labels'),
    {
      path: ['regularization', 'augmentation'],
      message:
        'goes with intact pixels alone: leave panel a out, or conditions other than true-labels and random-labels',
    },
  );
export type Figure1Options = z.infer<typeof Figure1Options>;

/** Input of `reproduceTable1`. models: the rows of these alone. */
export const Table1Options = z.strictObject({
  ...Common,
  models: z
    .array(Cifar10Model)
    .min(1)
    .default([...Cifar10Model.options]),
  weightDecay: Coefficient,
});
export type Table1Options = z.infer<typeof Table1Options>;

/** Input of `reproduceTable4`. */
export const Table4Options = Table1Options;
export type Table4Options = z.infer<typeof Table4Options>;

/** Rows of Table 2: labels, then what is on: data augmentation, dropout, weight decay. */
export const Table2Row = z.enum([
  'true-labels.augmentation.dropout.weight-decay',
  'true-labels.augmentation',
  'true-labels.weight-decay',
  'true-labels',
  'random-labels.dropout.weight-decay',
  'random-labels.weight-decay',
  'random-labels',
]);
export type Table2Row = z.infer<typeof Table2Row>;

/** Input of `reproduceTable2`, with Figure 2a. */
export const Table2Options = z.strictObject({
  profile: Common.profile,
  /** Shards or class folders: a path on the workers' machines, `s3://bucket/prefix`, or `https://` addresses; null is
   *  the worker's configured source. */
  source: Common.source,
  rows: z
    .array(Table2Row)
    .min(1)
    .default([...Table2Row.options]),
  seeds: Common.seeds,
  precision: Common.precision,
});
export type Table2Options = z.infer<typeof Table2Options>;

/** Input of `reproduceFigure2`: panel b, Inception (small) with and without batch norm. */
export const Figure2Options = z.strictObject({ ...Common, regularization: Regularization.prefault({}) });
export type Figure2Options = z.infer<typeof Figure2Options>;

/** What Table 3 calls MNIST: itself, or generated images made grey; and where it is, null as of every source. */
const Digits = {
  digits: z.enum(['mnist', 'procedural']).default('mnist'),
  digitsSource: Source.nullable().default(null),
};

/** Input of `reproducePaper`: every artifact with the same profile, data, seeds and precision. */
export const PaperOptions = z.strictObject({
  ...Common,
  ...Digits,
  artifacts: z
    .array(
      z.enum([
        'theorem-1',
        'table-3',
        'figure-1',
        'figure-2',
        'figure-3',
        'table-1',
        'table-4',
        'implicit-regularization',
      ]),
    )
    .min(1)
    .default([
      'figure-3',
      'theorem-1',
      'table-3',
      'implicit-regularization',
      'figure-1',
      'figure-2',
      'table-1',
      'table-4',
    ]),
});
export type PaperOptions = z.infer<typeof PaperOptions>;

/** Input of `nightlyPaper`: that of `reproducePaper`, and how much of a night it may take. */
export const NightlyOptions = PaperOptions.extend({
  /** What is left of it when either is used up waits for the next night; null is without end. */
  budget: z
    .strictObject({
      /** Of everything, from the start of the night. */
      minutes: z.number().positive().nullable().default(null),
      /** Of the paper; canaries do not count. */
      trainings: z.int().positive().nullable().default(null),
    })
    .prefault({}),
  /** Stored runs that are trained again, other ones each night. */
  canaries: z.int().min(0).max(64).default(2),
});
export type NightlyOptions = z.infer<typeof NightlyOptions>;

/** Input of `reproduceFigure3`. */
export const Figure3Options = z.strictObject({ model: Cifar10Model.default('inception') });
export type Figure3Options = z.infer<typeof Figure3Options>;

/** Labels that Theorem 1 is held to: the data set's, uniform classes as in Section 2.1, or standard normal numbers. */
export const SampleLabels = z.enum(['true', 'random', 'real']);
export type SampleLabels = z.infer<typeof SampleLabels>;

/** Input of `verifyTheorem1`, with Lemma 1 and Corollary 1. */
export const Theorem1Options = z
  .strictObject({
    profile: Common.profile,
    dataset: Common.dataset,
    source: Common.source,
    labels: SampleLabels.default('random'),
    /** Of the projection, and of labels that are drawn. */
    seed: Seed.default(1),
    /** The first so many training images, or all where there are fewer; null takes the profile's. */
    points: z.int().positive().nullable().default(null),
    /** Instead of images so many points of as many random bytes as an image has, made anew whenever they are read. Beyond
     *  two million a depth of Corollary 1 would hold the thread for longer than heartbeats may pause. */
    generated: z.int().positive().max(2_000_000).nullable().default(null),
  })
  .refine(({ generated, points, source }) => generated === null || (points === null && source === null), {
    path: ['generated'],
    message: 'goes with neither images nor a number of them: leave points and source out',
  })
  .refine(({ generated, labels }) => generated === null || labels !== 'true', {
    path: ['labels'],
    message: 'goes with images alone: generated points have random or real labels',
  });
export type Theorem1Options = z.infer<typeof Theorem1Options>;

/** What Table 3 has: data and preprocessing. The random net comes with and without l2. */
export const Table3Row = z.enum(['mnist.none', 'mnist.gabor', 'cifar10.none', 'cifar10.random-filters']);
export type Table3Row = z.infer<typeof Table3Row>;

/** Input of `reproduceTable3`. */
export const Table3Options = z.strictObject({
  profile: Common.profile,
  dataset: Common.dataset,
  source: Common.source,
  ...Digits,
  rows: z
    .array(Table3Row)
    .min(1)
    .default([...Table3Row.options]),
  /** Of the random filters. */
  seed: Seed.default(1),
  /** First training images and number of random filters; null takes the profile's. */
  images: z.int().min(20).nullable().default(null),
  filters: z.int().positive().nullable().default(null),
});
export type Table3Options = z.infer<typeof Table3Options>;
/** Input of `verifyImplicitRegularization`. */
export const ImplicitRegularizationOptions = z.strictObject({
  profile: Common.profile,
  dataset: DatasetName.default('cifar10'),
  source: Common.source,
  /** Of everything that is drawn: the order, the start elsewhere, random labels, centres, signs. */
  seed: Seed.default(1),
  /** Of the linear model, the first so many training images, fewer than an image has pixels; null takes a part of these
   *  that the profile says. */
  points: z.int().positive().nullable().default(null),
});
export type ImplicitRegularizationOptions = z.infer<typeof ImplicitRegularizationOptions>;

/** Input of `trainNetwork`: one network; what is left out comes from the paper's recipe and the profile. */
export const TrainNetworkOptions = z
  .strictObject({
    profile: Profile.default('quick'),
    dataset: ColourImages.default('cifar10'),
    source: Source.nullable().default(null),
    model: Cifar10Model.default('inception'),
    corruption: z
      .strictObject({
        labels: Fraction.default(0),
        pixels: Corruption.shape.pixels.default('intact'),
      })
      .prefault({}),
    seed: Seed.default(1),
    precision: Precision.default('float32'),
    regularization: Regularization.prefault({}),
    /** Changes of the profile's budget. */
    stop: Stop.omit({ patience: true }).partial().default({}),
    /** A run that a figure has planned already; then nothing else may be given. */
    planned: PlannedRun.optional(),
  })
  .refine(
    ({ regularization: { augmentation }, corruption }) =>
      corruption.pixels === 'intact' || !Object.values(augmentation).includes(true),
    {
      path: ['regularization', 'augmentation'],
      message: 'goes with intact pixels alone: shuffled ones and noise have no neighbours to crop or mirror',
    },
  );
export type TrainNetworkOptions = z.infer<typeof TrainNetworkOptions>;

/** What each workflow takes; the keys are the public workflow types. */
export const WORKFLOW_OPTIONS = {
  reproduceFigure1: Figure1Options,
  reproduceFigure2: Figure2Options,
  reproduceFigure3: Figure3Options,
  reproduceTable1: Table1Options,
  reproduceTable2: Table2Options,
  reproduceTable3: Table3Options,
  reproduceTable4: Table4Options,
  verifyTheorem1: Theorem1Options,
  verifyImplicitRegularization: ImplicitRegularizationOptions,
  reproducePaper: PaperOptions,
  nightlyPaper: NightlyOptions,
  trainNetwork: TrainNetworkOptions,
} as const;
export type WorkflowType = keyof typeof WORKFLOW_OPTIONS;

/** How fast a dead worker is noticed and how long a segment lasts: seconds, from the worker's configuration
 *  (short on the local stack, longer in production), recorded in history with the options. */
export const Limits = z.strictObject({
  heartbeatSeconds: z.number().positive(),
  segmentSeconds: z.number().positive(),
});
export type Limits = z.infer<typeof Limits>;
