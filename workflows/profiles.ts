/** How much is run, never what: the same models, optimiser and corruption at three scales. */
import type { ModelName, Profile, Stop, Trajectory } from '../activities/contract.ts';

export interface Scale {
  trainImages: number | null;
  testImages: number | null;
  /** Label corruption of Figures 1b and 1c. */
  corruptionLevels: number[];
  /** Budget of one run. */
  steps: Record<ModelName, number>;
  stopWhen: Stop['when'];
  evaluation: Record<ModelName, Trajectory['evaluation']>;
}

const same = <T>(value: T): Record<ModelName, T> => ({
  inception: value,
  'inception-without-batch-norm': value,
  alexnet: value,
  'mlp-3x512': value,
  'mlp-1x512': value,
});

const STEPS_PER_EPOCH_OF_128 = 391; // ⌈50,000 / 128⌉; the last batch has 80 images
const STEPS_PER_EPOCH_OF_64 = 782;

export const PROFILES: Record<Profile, Scale> = {
  /** Seconds; for tests. */
  smoke: {
    trainImages: 64,
    testImages: 64,
    corruptionLevels: [0, 1],
    steps: same(60),
    stopWhen: 'interpolated',
    evaluation: same({ everySteps: 10, monitored: 64 }),
  },
  /** Minutes on two cores: the true architectures on a subset. A time to overfit is some tens of steps here, so it
   *  is looked at every few, which takes a third of the time. */
  quick: {
    trainImages: 256,
    testImages: 1_000,
    corruptionLevels: [0, 0.5, 1],
    steps: { ...same(300), alexnet: 1_500, 'mlp-3x512': 1_000, 'mlp-1x512': 1_000 },
    stopWhen: 'interpolated',
    evaluation: {
      ...same({ everySteps: 5, monitored: 256 }),
      'mlp-3x512': { everySteps: 2, monitored: 256 },
      'mlp-1x512': { everySteps: 2, monitored: 256 },
    },
  },
  /** The paper's setting: 50,000 images, the whole schedule. The number of epochs is open in the paper; Figure 1a
   *  shows 25 thousand steps of Inception, and after 100 epochs of × 0.95 the learning rate is 0.6 % of the first. */
  paper: {
    trainImages: null,
    testImages: null,
    corruptionLevels: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    steps: {
      inception: 25_000,
      'inception-without-batch-norm': 25_000,
      alexnet: 100 * STEPS_PER_EPOCH_OF_128,
      'mlp-3x512': 100 * STEPS_PER_EPOCH_OF_64,
      'mlp-1x512': 100 * STEPS_PER_EPOCH_OF_64,
    },
    stopWhen: null,
    evaluation: {
      ...same({ everySteps: STEPS_PER_EPOCH_OF_128, monitored: 2_000 }),
      'mlp-3x512': { everySteps: STEPS_PER_EPOCH_OF_64, monitored: 2_000 },
      'mlp-1x512': { everySteps: STEPS_PER_EPOCH_OF_64, monitored: 2_000 },
    },
  },
};
