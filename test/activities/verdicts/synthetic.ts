/** Finished and failed trainings made by hand, for drawing and judging. */
import type {
  Condition,
  Corruption,
  DatasetRef,
  FigureRun,
  ModelName,
  ObjectRef,
  Outcome,
} from '../../../activities/contract.ts';
import { contentId } from '../../../activities/identity/identity.ts';

const ref = (key: string): ObjectRef => ({ key, sha256: 'b'.repeat(64), bytes: 1 });

export const cifar10: DatasetRef = {
  id: { name: 'cifar10', sha256: 'a'.repeat(64) },
  form: 'binary',
  title: 'CIFAR-10',
  classes: Array.from({ length: 10 }, (_, index) => `class ${index}`),
  train: { images: ref('train-images'), labels: ref('train-labels'), count: 50_000 },
  test: { images: ref('test-images'), labels: ref('test-labels'), count: 10_000 },
  provenance: ref('provenance'),
};

const PIXELS: Partial<Record<Condition, Corruption['pixels']>> = {
  'shuffled-pixels': 'shuffled',
  'random-pixels': 'random',
  gaussian: 'gaussian',
};

export interface Made {
  model?: ModelName;
  condition?: Condition;
  level?: number;
  seed?: number;
  /** First step at every threshold; null: never. */
  fitted?: number | null;
  budget?: number;
  testErrorPercent?: number;
  trainErrors?: number;
  failure?: string;
  curve?: ObjectRef;
}

/** A run of the full setting: 50,000 training and 10,000 test images. */
export function made(changes: Made): FigureRun {
  const {
    model = 'inception',
    condition,
    level,
    seed = 1,
    fitted = 1_000,
    budget = 25_000,
    failure,
  } = changes;
  const id = contentId({ model, condition, level, seed });
  const labels = level ?? (condition === 'random-labels' ? 1 : 0);
  return {
    planned: {
      id,
      trajectoryId: id,
      run: {
        trajectory: {
          recipe: 4,
          dataset: cifar10.id,
          trainImages: null,
          testImages: null,
          corruption: { labels, pixels: (condition && PIXELS[condition]) ?? 'intact', seed },
          model,
          optimizer: { learningRate: 0.1, momentum: 0.9, weightDecay: 0 },
          decay: { factor: 0.95, everySteps: 391 },
          batchSize: 128,
          augmentation: { crop: false, flip: false },
          seed,
          precision: 'float32',
          evaluation: { everySteps: 391, monitored: 2_000 },
        },
        stop: { steps: budget, when: null },
      },
    },
    condition: condition ?? null,
    corruptionLevel: level ?? null,
    outcome: failure ? null : outcome(id, { ...changes, fitted, budget }),
    failure: failure ? { type: failure, message: 'It failed.' } : null,
  };
}

function outcome(
  id: string,
  { fitted = null, budget = 0, testErrorPercent = 50, trainErrors = 0, curve }: Made,
): Outcome {
  return {
    id,
    trajectoryId: id,
    steps: budget,
    stopped: 'steps',
    firstStepAt: { 95: fitted, 98: fitted, 99: fitted, 100: fitted },
    loss: { mean: 0.01, window: 100 },
    train: { correct: 50_000 - trainErrors, images: 50_000 },
    test: { correct: Math.round(10_000 - 100 * testErrorPercent), images: 10_000 },
    weights: ref(`${id}/weights`),
    curve: curve ?? ref(`${id}/curve`),
    evaluations: ref(`${id}/evaluations`),
    checkpoint: ref(`${id}/checkpoint`),
  };
}
