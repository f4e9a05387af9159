/** How much is run, never what: the same models, optimiser and corruption at three scales. */
import type { Cifar10Model, Profile, Stop, Trajectory } from '../activities/contract.ts';

export interface Scale {
  trainImages: number | null;
  testImages: number | null;
  /** Label corruption of Figures 1b and 1c. */
  corruptionLevels: number[];
  /** Where a run of each model stops. */
  stop: Record<Cifar10Model, Stop>;
  evaluation: Record<Cifar10Model, Trajectory['evaluation']>;
}

const same = <T>(value: T): Record<Cifar10Model, T> => ({
  inception: value,
  'inception-without-batch-norm': value,
  alexnet: value,
  'mlp-3x512': value,
  'mlp-1x512': value,
});

const STEPS_PER_EPOCH_OF_128 = 391; // ⌈50,000 / 128⌉; the last batch has 80 images
const STEPS_PER_EPOCH_OF_64 = 782; // ⌈50,000 / 64⌉

export const PROFILES: Record<Profile, Scale> = {
  /** Seconds; for tests. */
  smoke: {
    trainImages: 64,
    testImages: 64,
    corruptionLevels: [0, 1],
    stop: same({ steps: 60, when: 'interpolated' }),
    evaluation: same({ everySteps: 10, monitored: 64 }),
  },
  /** Minutes on two cores: the true architectures on a subset. On so few images (n < d) random labels take hardly
   *  longer than true ones: this shows Figure 1b and does not judge it. */
  quick: {
    trainImages: 512,
    testImages: 1_000,
    corruptionLevels: [0, 0.5, 1],
    stop: {
      ...same({ steps: 1_500, when: 'interpolated' }),
      inception: { steps: 100, when: null }, // all five curves of panel a to the same step
      'inception-without-batch-norm': { steps: 400, when: 'interpolated' }, // its learning rate is smaller
    },
    evaluation: {
      ...same({ everySteps: 8, monitored: 256 }), // a fifth of the time
      'mlp-3x512': { everySteps: 4, monitored: 256 },
      'mlp-1x512': { everySteps: 4, monitored: 256 },
    },
  },
  /** The paper's setting: 50,000 images, the whole schedule. The number of epochs is open in the paper; Figure 1a
   *  shows 25 thousand steps of Inception. × 0.95 an epoch leaves 1.7 % of the learning rate after 80 epochs and 0.6 %
   *  after 100: the last errors do not go after that. */
  paper: {
    trainImages: null,
    testImages: null,
    corruptionLevels: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    stop: {
      ...same({ steps: 25_000, when: null }),
      alexnet: { steps: 100 * STEPS_PER_EPOCH_OF_128, when: null },
      'mlp-3x512': { steps: 80 * STEPS_PER_EPOCH_OF_64, when: null },
      'mlp-1x512': { steps: 80 * STEPS_PER_EPOCH_OF_64, when: null },
    },
    evaluation: {
      ...same({ everySteps: STEPS_PER_EPOCH_OF_128, monitored: 2_000 }),
      'mlp-3x512': { everySteps: STEPS_PER_EPOCH_OF_64, monitored: 2_000 },
      'mlp-1x512': { everySteps: STEPS_PER_EPOCH_OF_64, monitored: 2_000 },
    },
  },
};
