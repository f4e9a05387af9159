/** What Figure 1 claims, as data: what the paper says, how it is measured, what counts as agreement and why.
 *  All tolerances were set before any run was looked at. Workflows may import this. */
import type { Cifar10Model, ModelName, Profile } from '../contract.ts';

export interface Claim {
  id: string;
  /** Of Figure 1, in which not every panel is always asked for. */
  panel?: 'a' | 'b' | 'c';
  /** Where in the paper. */
  where: string;
  says: string;
  measure: string;
  /** What counts as agreement, with its reason. */
  tolerance: string;
  judgedAt: Profile[];
  /** Fewest seeds that can reproduce it. */
  seeds: number;
  /** What the paper leaves open and could turn the result round; without any, a claim can be contradicted. */
  openChoices: string[];
}

/** Three against three: if two conditions did not differ, their seeds would lie apart in the claimed order once in
 *  C(6, 3) = 20 times. Fewer seeds separate by chance too easily; fewer also contradict nothing. */
export const SEEDS = 3;

export const FIGURE_1_MODELS: ModelName[] = ['inception', 'alexnet', 'mlp-1x512'];

/** The third-party run has shuffled pixels at 1.4 times true labels and random labels at 4.2 times; twice is half
 *  of the way to random labels, in ratios. */
export const CLOSE_RATIO = 2;

/** Figure 1b shows factors of up to about 3.5; above 5 nobody would call a constant small. */
export const LARGEST_FACTOR = 5;

/** In points of test error. Over draws of the labels test accuracy varies with a standard deviation of about half
 *  a point, so one point is twice the noise of a single network, and too little to matter to the claim. */
export const CHANCE_MARGIN = 1;

const PAPER: Profile[] = ['paper'];

export const ALL_FITTED: Claim = {
  id: 'figure-1a.all-fitted',
  panel: 'a',
  where: 'Figure 1a, Section 2.2',
  says: 'The same network, with the same hyper-parameters, fits all five conditions: training error reaches 0.',
  measure: 'First step at which the evaluated training accuracy is 100 %, for each condition.',
  tolerance: 'None: every condition gets there. One seed shows that it can be done.',
  judgedAt: PAPER,
  seeds: 1,
  openChoices: ['batch size', 'initialisation', 'number of epochs'],
};

export const TRUE_LABELS_FIRST: Claim = {
  id: 'figure-1a.true-labels-first',
  panel: 'a',
  where: 'Figure 1a',
  says: 'True labels are fitted first.',
  measure: 'First step at 99 % training accuracy, against each other condition.',
  tolerance: `Every seed of true labels before every seed of the others; ${SEEDS} seeds, else order is chance.`,
  judgedAt: PAPER,
  seeds: SEEDS,
  openChoices: [],
};

export const NOISE_BEFORE_RANDOM_LABELS: Claim = {
  id: 'figure-1a.noise-before-random-labels',
  panel: 'a',
  where: 'Figure 1a, Section 2.2',
  says: 'Random pixels and Gaussian noise are fitted before random labels.',
  measure: 'First step at 99 % training accuracy.',
  tolerance: `Every seed of either before every seed of random labels; ${SEEDS} seeds, else order is chance.`,
  judgedAt: PAPER,
  seeds: SEEDS,
  openChoices: ['how the Gaussian matches the images'],
};

export const SHUFFLED_PIXELS_CLOSE: Claim = {
  id: 'figure-1a.shuffled-pixels-close',
  panel: 'a',
  where: 'Figure 1a',
  says: 'Shuffled pixels are fitted about as fast as true labels.',
  measure: 'First step at 99 % training accuracy, over that of true labels with the same seed.',
  tolerance: `At most ${CLOSE_RATIO}: half of the way to random labels in a run published by others.`,
  judgedAt: PAPER,
  seeds: SEEDS,
  openChoices: ['what "about" means: the paper gives a curve and no number'],
};

export const smallFactor = (model: ModelName): Claim => ({
  id: `figure-1b.small-factor.${model}`,
  panel: 'b',
  where: 'Figure 1b, Section 2.2',
  says: `Corrupted labels take ${model} longer to overfit, by a small constant factor.`,
  measure: 'First step at 99 % training accuracy, over that of true labels with the same seed.',
  tolerance: `1 < factor at corruption 1, and no factor above ${LARGEST_FACTOR}: the figure shows up to about 3.5.`,
  judgedAt: PAPER,
  seeds: SEEDS,
  openChoices: ['batch size', 'when a run counts as fitted'],
});

export const errorRises = (model: ModelName): Claim => ({
  id: `figure-1c.error-rises.${model}`,
  panel: 'c',
  where: 'Figure 1c, Section 2.2',
  says: `The test error of ${model} rises steadily with label corruption.`,
  measure: 'Test error at the end, level by level, within a seed.',
  tolerance:
    'More at the last level than at the first, and no step down, by two standard errors of a difference.',
  judgedAt: PAPER,
  seeds: SEEDS,
  openChoices: [],
});

export const chanceOnRandomLabels = (model: ModelName): Claim => ({
  id: `figure-1c.chance.${model}`,
  panel: 'c',
  where: 'Figure 1c, Section 2.1',
  says: `On random labels the test error of ${model} is chance: 90 %.`,
  measure:
    'Mean test error over label draws, with its t-interval; random labels only, for random pixels keep their histogram.',
  tolerance: `The interval lies within ±${CHANCE_MARGIN} point of chance (two one-sided tests, 5 % shared by all models).`,
  judgedAt: PAPER,
  seeds: SEEDS,
  openChoices: [],
});

export const noTrainingError = (model: ModelName): Claim => ({
  id: `figure-1c.no-training-error.${model}`,
  panel: 'c',
  where: 'Section 2.2; Table 1 prints 99.82 % and 99.34 % for two models',
  says: `After training on random labels ${model} makes no training error.`,
  measure: 'Training errors at the end.',
  tolerance: 'None.',
  judgedAt: PAPER,
  seeds: 1,
  openChoices: ['batch size', 'number of epochs'],
});

/** A number of Table 1. */
export interface CellClaim extends Claim {
  model: Cifar10Model;
  labels: 'trueLabels' | 'randomLabels';
  split: 'train' | 'test';
}

/** In points: an interval wider than ±2 would agree with anything that the paper compares. */
export const WIDEST_INTERVAL = 2;

export const tableCell = (
  model: Cifar10Model,
  labels: CellClaim['labels'],
  split: CellClaim['split'],
): CellClaim => {
  const words = labels === 'trueLabels' ? 'true labels' : 'random labels';
  return {
    id: `table-1.${model}.${words.replace(' ', '-')}.${split}`,
    panel: 'c',
    where: 'Table 1',
    says: `${split === 'train' ? 'Training' : 'Test'} accuracy of ${model} on ${words}, no crop, no weight decay.`,
    measure: 'Accuracy at the end, mean over seeds.',
    tolerance:
      'The published number is one more draw: within the 95 % prediction interval of ours, widened by its rounding; ' +
      `an interval wider than ±${WIDEST_INTERVAL} points decides nothing.`,
    judgedAt: PAPER,
    seeds: 2,
    openChoices: ['batch size', 'initialisation', 'number of epochs'],
    model,
    labels,
    split,
  };
};
