/** Everything that crosses Temporal: one object in, one object out for every activity, references instead of
 *  bytes. Schema and type share a name; `interface Activities` at the end is the table of contents. */
import { z } from 'zod';

// ── objects in the store ────────────────────────────────────────────────────────────────────────────────────

/** An object in the store, verified by its SHA-256 on every read. */
export const ObjectRef = z.strictObject({
  key: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
});
export type ObjectRef = z.infer<typeof ObjectRef>;

// ── what the paper varies ───────────────────────────────────────────────────────────────────────────────────

export const Profile = z.enum(['smoke', 'quick', 'paper']);
export type Profile = z.infer<typeof Profile>;

export const DatasetName = z.enum(['cifar10', 'procedural']);
export type DatasetName = z.infer<typeof DatasetName>;

/** The networks of Table 1 (Appendix A). */
export const Cifar10Model = z.enum([
  'inception',
  'inception-without-batch-norm',
  'alexnet',
  'mlp-3x512',
  'mlp-1x512',
]);
export type Cifar10Model = z.infer<typeof Cifar10Model>;

/** All networks: those, and that of Table 2. */
export const ModelName = z.enum([...Cifar10Model.options, 'inception-v3']);
export type ModelName = z.infer<typeof ModelName>;

/** The five conditions of Figure 1a (Section 2.1). */
export const Condition = z.enum([
  'true-labels',
  'random-labels',
  'shuffled-pixels',
  'random-pixels',
  'gaussian',
]);
export type Condition = z.infer<typeof Condition>;

const Fraction = z.number().min(0).max(1);
const Seed = z.int().min(0).max(0xffff_ffff);

/** What is done to the data before training, drawn once from `seed` (Section 2.1).
 *  labels: probability that a training label is replaced by a uniform random class (it may draw its own).
 *  pixels: what happens to the pixels of training *and* test images, after the centre crop. */
export const Corruption = z.strictObject({
  labels: Fraction,
  pixels: z.enum(['intact', 'shuffled', 'random', 'gaussian']),
  seed: Seed,
});
export type Corruption = z.infer<typeof Corruption>;

/** How products of matrices and convolutions are computed. float32: the paper's. bfloat16: their operands and results
 *  rounded to 8 bits of mantissa, weights, momenta, statistics of batch norm and the loss in float32. tf32: operands
 *  rounded to 11 bits of mantissa, on GPUs that know it; elsewhere the same as float32. */
export const Precision = z.enum(['float32', 'bfloat16', 'tf32']);
export type Precision = z.infer<typeof Precision>;

/** What is done to training images anew at every step, before the whitening, drawn from the run's seed. crop: a random
 *  window of 28×28 of the 32×32 pixels, instead of the centre one; flip: left to right, every other time; rotate: by
 *  up to 25° either way about the image's centre, before the crop. */
export const Augmentation = z.strictObject({
  crop: z.boolean(),
  flip: z.boolean(),
  rotate: z.boolean().optional(),
});
export type Augmentation = z.infer<typeof Augmentation>;

/** λ of λ/2·‖w‖² added to the loss; 0 is off. */
const WeightDecay = z.number().min(0);
/** Over which weights: all kernels, or those of fully connected layers alone; never over biases and shifts. */
const Decayed = z.enum(['kernels', 'dense-kernels']);
/** Probability that an input of the last, linear layer is set to 0 in training, the others then scaled by
 *  1 / (1 − p); 0 is off. */
const Dropout = z.number().min(0).max(0.95);
/** Ends a run once the evaluated test accuracy has not risen for so many evaluations; null is off. An oracle's early
 *  stopping, as the paper's Figure 2 means it: it looks at the test images. */
const Patience = z.int().positive().nullable();

/** Explicit regularisers (Section 3). The paper's main experiments run without. */
export const Regularization = z.strictObject({
  weightDecay: WeightDecay.default(0),
  decayed: Decayed.default('kernels'),
  dropout: Dropout.default(0),
  augmentation: z
    .strictObject({
      crop: z.boolean().default(false),
      flip: z.boolean().default(false),
      rotate: z.boolean().default(false),
    })
    .prefault({}),
  patience: Patience.default(null),
});
export type Regularization = z.infer<typeof Regularization>;

/** A data set as it lies in the store. */
export const DatasetId = z.strictObject({
  name: z.enum([...DatasetName.options, 'imagenet']),
  /** SHA-256 of the canonical uint8 arrays: the same images from any archive form are the same data set. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type DatasetId = z.infer<typeof DatasetId>;

// ── a training, content-addressed in two levels ─────────────────────────────────────────────────────────────

/** Everything that decides the sequence of weights. Device and threads are provenance, not identity. What is optional
 *  came later; left out it is off. */
export const Trajectory = z.strictObject({
  /** Raised when a change of code changes numbers; 2: the compiled step. */
  recipe: z.literal(2),
  dataset: DatasetId,
  /** Training images used: the first n in canonical order; null takes all of them. */
  trainImages: z.int().min(10).nullable(),
  /** Test images evaluated, likewise. */
  testImages: z.int().min(10).nullable(),
  corruption: Corruption,
  model: ModelName,
  optimizer: z.strictObject({
    learningRate: z.number().positive(),
    momentum: z.number().min(0).max(1),
    weightDecay: WeightDecay,
    decayed: Decayed.optional(),
  }),
  /** Staircase: the learning rate is multiplied by `factor` after every `everySteps` steps. */
  decay: z.strictObject({ factor: z.number().positive().max(1), everySteps: z.int().positive() }),
  batchSize: z.int().positive(),
  augmentation: Augmentation,
  dropout: Dropout.optional(),
  /** Initialisation, batch order, augmentation, dropout; the corruption has its own. */
  seed: Seed,
  precision: Precision,
  /** When the curve gets an evaluated point. Part of the identity, because stop rules see only evaluations. */
  evaluation: z.strictObject({
    everySteps: z.int().positive(),
    /** Images of each split looked at every time; all of them when a threshold is near, and at the end. */
    monitored: z.int().positive(),
  }),
});
export type Trajectory = z.infer<typeof Trajectory>;

/** Where a run stops: at a number of steps, or earlier.
 *  fitted: evaluated training accuracy ≥ 99 %; interpolated: no training error. */
export const Stop = z.strictObject({
  steps: z.int().positive(),
  when: z.enum(['fitted', 'interpolated']).nullable(),
  patience: Patience.optional(),
});
export type Stop = z.infer<typeof Stop>;

/** A trajectory plus where it stops. */
export const Run = z.strictObject({ trajectory: Trajectory, stop: Stop });
export type Run = z.infer<typeof Run>;

/** A run before its data set is known by content. */
export const UnboundRun = Run.extend({
  trajectory: Trajectory.omit({ dataset: true }),
});
export type UnboundRun = z.infer<typeof UnboundRun>;

/** A run with its ids: hashes of canonical JSON without defaulted fields. */
export const PlannedRun = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{20}$/),
  trajectoryId: z.string().regex(/^[0-9a-f]{20}$/),
  run: Run,
});
export type PlannedRun = z.infer<typeof PlannedRun>;

/** The accuracies (in per cent) at which the first step is recorded; 99 is *fitted*, 100 *interpolated*. */
export const THRESHOLDS = [95, 98, 99, 100] as const;

const Accuracy = z.strictObject({
  correct: z.int().nonnegative(),
  /** Right among the first five guesses; of networks that are held to it. */
  top5: z.int().nonnegative().optional(),
  images: z.int().positive(),
});
export type Accuracy = z.infer<typeof Accuracy>;

/** What a finished run says, the same bytes whoever computes it on the same CPU backend: no times, no hosts. */
export const Outcome = z.strictObject({
  id: z.string(),
  trajectoryId: z.string(),
  steps: z.int().nonnegative(),
  /** early: test accuracy had not risen for the run's patience. */
  stopped: z.enum(['steps', 'fitted', 'interpolated', 'early']),
  /** First step whose evaluated training accuracy, over the whole training set, is at least the threshold;
   *  null: not within `steps` (right-censored, never set to the budget). */
  firstStepAt: z.strictObject({
    95: z.int().nullable(),
    98: z.int().nullable(),
    99: z.int().nullable(),
    100: z.int().nullable(),
  }),
  /** Mean loss over the last `window` steps. */
  loss: z.strictObject({ mean: z.number(), window: z.int().positive() }),
  train: Accuracy,
  test: Accuracy,
  /** Over one epoch of augmented training images; of runs that augment. */
  augmented: Accuracy.optional(),
  weights: ObjectRef,
  /** step,loss: every step's training loss. */
  curve: ObjectRef,
  /** step,train_correct,train_images,test_correct,test_images */
  evaluations: ObjectRef,
  checkpoint: ObjectRef,
});
export type Outcome = z.infer<typeof Outcome>;

// ── data ────────────────────────────────────────────────────────────────────────────────────────────────────

/** How the images reached us. JPEG is lossy: results from it are stamped. */
export const SourceForm = z.enum(['binary', 'python', 'folders-png', 'folders-jpeg', 'generated']);
export type SourceForm = z.infer<typeof SourceForm>;

/** An `https://` or `s3://` URL, a path on the worker's machine, or `store:KEY` for an archive that the
 *  command line put into the store; null is the worker's configured source, else the official archive. */
export const Source = z.string().min(1);

export const DatasetRef = z.strictObject({
  id: DatasetId,
  form: SourceForm,
  /** One line for stamps and captions: `CIFAR-10 (JPEG-sourced)`. */
  title: z.string(),
  classes: z.array(z.string()),
  /** uint8 [n, 32, 32, 3] and uint8 [n], in canonical order. */
  train: z.strictObject({ images: ObjectRef, labels: ObjectRef, count: z.int() }),
  test: z.strictObject({ images: ObjectRef, labels: ObjectRef, count: z.int() }),
  provenance: ObjectRef,
});
export type DatasetRef = z.infer<typeof DatasetRef>;

/** ImageNet as a source has it: the images stay there, the store has their index. */
export const ImageNetRef = z.strictObject({
  /** Of names, labels and files: the same images from shards and from class folders are the same data set. */
  id: DatasetId,
  form: z.enum(['shards', 'folders']),
  title: z.string(),
  /** Where the images lie. */
  source: z.string(),
  classes: z.int().positive(),
  /** images: CSV, a line an image in canonical order. */
  train: z.strictObject({ images: ObjectRef, count: z.int().positive() }),
  test: z.strictObject({ images: ObjectRef, count: z.int().positive() }),
});
export type ImageNetRef = z.infer<typeof ImageNetRef>;

/** One split as the network sees it: cropped, corrupted, whitened.
 *  images: float32 [n, 28, 28, 3], or, for training images that are augmented, the data set's own: uint8
 *  [n or more, 32, 32, 3]; labels: uint8 [n], as trained on; cleanLabels: uint8 [n], before corruption. */
export const PreparedSplit = z.strictObject({
  images: ObjectRef,
  labels: ObjectRef,
  cleanLabels: ObjectRef,
  count: z.int(),
});
export type PreparedSplit = z.infer<typeof PreparedSplit>;

export const PreparedDataset = z.strictObject({
  train: PreparedSplit,
  test: PreparedSplit,
  provenance: ObjectRef,
});
export type PreparedDataset = z.infer<typeof PreparedDataset>;

// ── what users pass ─────────────────────────────────────────────────────────────────────────────────────────

/** What every figure and table of trained networks takes; every field may be left out. */
const Common = {
  profile: Profile.default('quick'),
  dataset: DatasetName.default('cifar10'),
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

/** Input of `reproducePaper`: every artifact with the same profile, data, seeds and precision. */
export const PaperOptions = z.strictObject({
  ...Common,
  artifacts: z
    .array(z.enum(['theorem-1', 'figure-1', 'figure-2', 'figure-3', 'table-1', 'table-4']))
    .min(1)
    .default(['figure-3', 'theorem-1', 'figure-1', 'figure-2', 'table-1', 'table-4']),
});
export type PaperOptions = z.infer<typeof PaperOptions>;

/** Input of `reproduceFigure3`. */
export const Figure3Options = z.strictObject({ model: Cifar10Model.default('inception') });
export type Figure3Options = z.infer<typeof Figure3Options>;

/** Labels that Theorem 1 is held to: the data set's, uniform classes as in Section 2.1, or standard normal numbers. */
export const SampleLabels = z.enum(['true', 'random', 'real']);
export type SampleLabels = z.infer<typeof SampleLabels>;

/** Input of `verifyTheorem1`, with Lemma 1 and Corollary 1. */
export const Theorem1Options = z.strictObject({
  profile: Common.profile,
  dataset: Common.dataset,
  source: Common.source,
  labels: SampleLabels.default('random'),
  /** Of the projection, and of labels that are drawn. */
  seed: Seed.default(1),
  /** The first so many training images, or all where there are fewer; null takes the profile's. */
  points: z.int().positive().nullable().default(null),
});
export type Theorem1Options = z.infer<typeof Theorem1Options>;

/** Input of `trainNetwork`: one network; what is left out comes from the paper's recipe and the profile. */
export const TrainNetworkOptions = z
  .strictObject({
    profile: Profile.default('quick'),
    dataset: DatasetName.default('cifar10'),
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
  reproduceTable4: Table4Options,
  verifyTheorem1: Theorem1Options,
  reproducePaper: PaperOptions,
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

// ── Theorem 1 ───────────────────────────────────────────────────────────────────────────────────────────────

/** Largest |c(zᵢ) − yᵢ|; null where a value is not a finite number. */
const LargestError = z.number().nullable();
const InFloats = z.strictObject({ float64: LargestError, doubleDouble: LargestError });
const Rounding = z.strictObject({ largestError: LargestError, wrong: z.int() });
/** Weights rounded each by itself, or each making up for the rounding of those before. */
const StorageError = z.strictObject({ roundedAlone: z.number(), roundedInTurn: z.number() });

/** What Theorem 1, Lemma 1 and Corollary 1 came to on one sample: `theorem-1.json`. */
export const TheoremNumbers = z.strictObject({
  /** Distinct points. */
  n: z.int().positive(),
  d: z.int().positive(),
  /** Further points that are an earlier one again, with its label. */
  merged: z.int().nonnegative(),
  /** Projections drawn until one told all points apart. */
  draws: z.int().positive(),
  weights: z.int().positive(),
  largestError: InFloats,
  /** Rational weights: points at which the output equals the label. */
  exact: z.strictObject({
    points: z.int(),
    equal: z.int(),
    /** Of the longest numerator or denominator of a weight. */
    largestBits: z.int(),
    storage: z.strictObject({ float64: StorageError, float32: StorageError }),
  }),
  lemma1: z.strictObject({
    triangular: z.boolean(),
    smallestDiagonal: z.number(),
    /** Of the first `size` rows and columns: whether the diagonal has all eigenvalues, exactly. */
    eigenvalues: z.strictObject({ size: z.int(), onDiagonal: z.boolean() }),
  }),
  /** One row a depth. evaluated: points that the network was tried on, spread evenly over the projections. */
  corollary1: z.array(
    z.strictObject({
      k: z.int(),
      depth: z.int(),
      width: z.int(),
      weights: z.int(),
      evaluated: z.int(),
      largestError: InFloats,
    }),
  ),
  /** Of the first n points. */
  errorAgainstN: z.array(
    z.strictObject({
      n: z.int(),
      precision: z.enum(['float32', 'float64', 'double-double']),
      /** Of the gap before a point, the part behind its bias. */
      gapFraction: z.number(),
      /** Evaluated as the weights were computed, and what these weights are in double-double. */
      asComputed: Rounding,
      ofWeights: Rounding,
      overflowsAt: z.int().nullable(),
    }),
  ),
  /** The network of a few points: projections, biases, weights, labels, in ascending order. */
  small: z.strictObject({
    x: z.array(z.number()),
    b: z.array(z.number()),
    w: z.array(z.number()),
    y: z.array(z.number()),
  }),
});
export type TheoremNumbers = z.infer<typeof TheoremNumbers>;

/** Theorem 1 on one sample, in open formats. */
export const FittedTheorem = z.strictObject({
  folder: z.string(),
  /** TheoremNumbers */
  numbers: ObjectRef,
  /** float64 [d], [n] and [n] */
  a: ObjectRef,
  b: ObjectRef,
  w: ObjectRef,
  /** The network of the first points as dense layers that float32 holds. */
  tiedNetwork: ObjectRef,
  corollary1: ObjectRef,
  errorAgainstN: ObjectRef,
  provenance: ObjectRef,
  points: z.strictObject({ distinct: z.int(), merged: z.int(), dimensions: z.int() }),
});
export type FittedTheorem = z.infer<typeof FittedTheorem>;

// ── figures and verdicts ────────────────────────────────────────────────────────────────────────────────────

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
  kind: VerdictKind,
  /** Whether what was seen points the paper's way, also where the scale forbids a verdict; null: nothing seen. */
  agrees: z.boolean().nullable(),
  /** One sentence. */
  reason: z.string(),
});
export type Verdict = z.infer<typeof Verdict>;

// ── artifacts ───────────────────────────────────────────────────────────────────────────────────────────────

export const ArtifactName = z.enum([
  'figure-1',
  'figure-2',
  'figure-3',
  'table-1',
  'table-2',
  'table-4',
  'theorem-1',
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
  dataset: DatasetRef;
  labels: SampleLabels;
  seed: number;
  theorem: FittedTheorem;
}

export type DrawRequest =
  | ({ figure: '1a' | '1b' | '1c' } & OfRuns<FigureRun>)
  | ({ figure: '2b' } & OfRuns<TrainedRun>)
  /** The curves of every row. */
  | ({ figure: 'table-1' | 'table-4' } & OfRuns<TableRun>)
  | ({ figure: '2a' } & OfRuns<TableRun, ImageNetRef>)
  | ({ figure: 'table-2' } & OfRuns<TableRun, ImageNetRef>)
  | { figure: '3'; model: Cifar10Model }
  | ({ figure: 'theorem-1-function' | 'theorem-1-error' | 'corollary-1' } & OfTheorem);

export type TableRequest =
  | ({ table: '1' | '4' } & OfRuns<TableRun>)
  | ({ table: '2' } & OfRuns<TableRun, ImageNetRef>);

export type JudgeRequest = Pick<Reproduction, 'figures' | 'tables' | 'workflow' | 'input'> & {
  stored: number;
} & (
    | ({ artifact: 'figure-1'; panels: ('a' | 'b' | 'c')[] } & OfRuns<FigureRun>)
    | ({ artifact: 'figure-2' } & OfRuns<TrainedRun>)
    | ({ artifact: 'table-1' | 'table-4' } & OfRuns<TableRun>)
    | ({ artifact: 'table-2' } & OfRuns<TableRun, ImageNetRef>)
    | { artifact: 'figure-3'; model: Cifar10Model }
    | ({ artifact: 'theorem-1' } & OfTheorem)
  );

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
  /** Starts `trainNetwork` for a run, or joins the one that is on its way, and waits. Queue `rethinking`. */
  awaitTraining(request: { planned: PlannedRun }): Promise<Outcome>;
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

  /** Builds Theorem 1 and Corollary 1 on a data set's first training images and checks them. Queue
   *  `rethinking-data`. */
  fitTheorem(request: {
    dataset: DatasetId;
    /** Null takes all of them. */
    points: number | null;
    labels: SampleLabels;
    seed: number;
  }): Promise<FittedTheorem>;

  /** Trains from the newest whole checkpoint until the run stops, the segment's time is up or it is cancelled
   *  (then it returns with a checkpoint, `finished` null). Queue `rethinking-train`, one at a time a device. */
  trainSegment(request: {
    planned: PlannedRun;
    /** Null for ImageNet, which the trainer reads where it lies. */
    prepared: PreparedDataset | null;
    /** The segment ends at the first checkpoint after this many seconds. */
    segmentSeconds: number;
  }): Promise<{ finished: Outcome | null; step: number }>;

  /** Draws one figure, or one panel of it. Queue `rethinking`. */
  drawFigure(request: DrawRequest): Promise<DrawnFigure>;
  /** Writes a table for people and for programs. Queue `rethinking`. */
  writeTable(request: TableRequest): Promise<WrittenTable>;
  /** Judges what the paper claims of an artifact, and keeps all that was made of it as one record. Queue
   *  `rethinking`. */
  judge(request: JudgeRequest): Promise<Reproduction>;
  /** Writes the report: everything that was made, beside what the paper says. Queue `rethinking`. */
  writeReport(request: { reproductions: (Reproduction | Failed)[] }): Promise<WrittenReport>;
}
