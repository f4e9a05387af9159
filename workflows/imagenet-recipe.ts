/** Inception V3 on ImageNet, once for all rows of Table 2. The paper trained with TensorFlow's Inception set-up, spread
 *  over 50 asynchronous workers, and prints no hyper-parameter; what follows is that set-up's where it says
 *  something (batch, rate, weight decay, dropout), with three deviations: one synchronous machine, plain momentum
 *  instead of RMSProp, and the last weights instead of averaged ones. Label smoothing is off. */
import type {
  Precision,
  Profile,
  Regularization,
  Stop,
  Trajectory,
  UnboundRun,
} from '../activities/contract.ts';
import { UNREGULARIZED } from './recipe.ts';

const LEARNING_RATE = 0.045;
const MOMENTUM = 0.9; // Appendix A, of the small networks
const DECAY_PER_TWO_EPOCHS = 0.94;
const BATCH_SIZE = 32; // of each worker
export const WEIGHT_DECAY = 4e-5;
export const DROPOUT = 0.2; // keeps 0.8

const PAPER_IMAGES = 1_281_167;
const STEPS_PER_EPOCH = Math.ceil(PAPER_IMAGES / BATCH_SIZE);

interface Scale {
  trainImages: number | null;
  testImages: number | null;
  stop: Stop;
  evaluation: Trajectory['evaluation'];
}

/** A step of 32 images takes about five seconds on two cores. */
const SCALES: Record<Profile, Scale> = {
  smoke: {
    trainImages: 16,
    testImages: 12,
    stop: { steps: 2, when: null },
    evaluation: { everySteps: 1, monitored: 8 },
  },
  quick: {
    trainImages: 256,
    testImages: 128,
    stop: { steps: 24, when: null },
    evaluation: { everySteps: 8, monitored: 128 },
  },
  /** Open in the paper: the number of epochs. */
  paper: {
    trainImages: null,
    testImages: null,
    stop: { steps: 100 * STEPS_PER_EPOCH, when: null },
    evaluation: { everySteps: STEPS_PER_EPOCH, monitored: 50_000 }, // all test images: the best look is a cell of the table
  },
};

export function imageNetRecipe(
  profile: Profile,
  request: {
    randomLabels: boolean;
    regularization: Partial<Regularization>;
    seed: number;
    precision: Precision;
  },
): UnboundRun {
  const { trainImages, testImages, stop, evaluation } = SCALES[profile];
  const { weightDecay, dropout, augmentation } = { ...UNREGULARIZED, ...request.regularization };
  return {
    trajectory: {
      recipe: 4,
      trainImages,
      testImages,
      corruption: { labels: request.randomLabels ? 1 : 0, pixels: 'intact', seed: request.seed },
      model: 'inception-v3',
      optimizer: { learningRate: LEARNING_RATE, momentum: MOMENTUM, weightDecay },
      decay: { factor: DECAY_PER_TWO_EPOCHS, everySteps: 2 * STEPS_PER_EPOCH },
      batchSize: BATCH_SIZE,
      augmentation,
      dropout,
      seed: request.seed,
      precision: request.precision,
      evaluation,
    },
    stop,
  };
}
