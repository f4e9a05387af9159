/** Objects in the store, what the paper varies, and a training, content-addressed in two levels: a trajectory, and
 *  where it stops. */
import { z } from 'zod';

/** An object in the store, verified by its SHA-256 on every read. */
export const ObjectRef = z.strictObject({
  key: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
});
export type ObjectRef = z.infer<typeof ObjectRef>;

export const Profile = z.enum(['smoke', 'quick', 'paper']);
export type Profile = z.infer<typeof Profile>;

export const DatasetName = z.enum(['cifar10', 'procedural', 'mnist']);
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

export const Fraction = z.number().min(0).max(1);
export const Seed = z.int().min(0).max(0xffff_ffff);

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

/** Everything that decides the sequence of weights. Device and threads are provenance, not identity. What is optional
 *  came later; left out it is off. */
export const Trajectory = z.strictObject({
  /** Raised when a change of code changes numbers; 2: the compiled step; 3: Winograd’s convolutions; 4: fully connected
   *  layers by operations of our own. */
  recipe: z.literal(4),
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
  /** A canary's: names the run anew, so that it is trained again and not answered from the store; changes no number. */
  salt: z.string().optional(),
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

/** The workflow that trains a run. */
export const TrainedBy = z.object({ workflowId: z.string(), runId: z.string() });
export type TrainedBy = z.infer<typeof TrainedBy>;

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
