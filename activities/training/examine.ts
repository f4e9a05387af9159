/** The two occasions on which a training is evaluated: on schedule, and when it ends. */
import type { Accuracy, Trajectory } from '../contract.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';
import { drawWindows, isAugmented } from './augment.ts';
import { type Evaluation, isThresholdNear } from './convergence.ts';
import type { Engine } from './engine.ts';

export interface Examined {
  engine: Engine;
  trajectory: Pick<Trajectory, 'evaluation' | 'augmentation' | 'seed'>;
  /** Images of each split. */
  sizes: { train: number; test: number };
}

interface Position {
  step: number;
  evaluations: readonly Evaluation[];
}

/** The monitored images of both splits, and the whole training set when a threshold is near. */
export async function examine(examined: Examined, { step, evaluations }: Position): Promise<Evaluation> {
  const { count } = await examiner(examined);
  const { monitored } = examined.trajectory.evaluation;
  const train = await count('train', monitored);
  const test = await count('test', monitored);
  const isWhole = train.images === examined.sizes.train;
  const wholeTrain = isWhole ? train : isThresholdNear(train, evaluations) ? await count('train') : null;
  return { step, train, test, wholeTrain };
}

/** Both splits whole, and the training images once more as they are augmented. A look of the same step is not
 *  repeated. */
export async function examineLast(
  examined: Examined,
  { step, evaluations }: Position,
): Promise<{
  train: Accuracy;
  test: Accuracy;
  augmented: Accuracy | null;
  batchNorm: NamedArrays | null;
}> {
  const last = evaluations.at(-1);
  const known = last?.step === step ? last : null;
  const { statistics, count } = await examiner(examined);
  const train = known?.wholeTrain ?? (await count('train'));
  const test = known?.test.images === examined.sizes.test ? known.test : await count('test');
  const augmented = await countAugmented(examined, step);
  return { train, test, augmented, batchNorm: Object.keys(statistics).length > 0 ? statistics : null };
}

async function countAugmented(
  { engine, trajectory: { augmentation, seed }, sizes }: Examined,
  step: number,
): Promise<Accuracy | null> {
  if (!isAugmented(augmentation)) return null;
  const windowsOf = (batch: number, images: number) => drawWindows(step + batch, images, seed, augmentation);
  const correct = await engine.countAugmentedRight(windowsOf);
  return correct === null ? null : { correct, images: sizes.train };
}

async function examiner({ engine, trajectory, sizes }: Examined) {
  const statistics = await engine.computeStatistics(Math.min(trajectory.evaluation.monitored, sizes.train));
  return {
    statistics,
    /** Right answers among the first `most` images of a split, or all. */
    count: async (split: 'train' | 'test', most = Number.POSITIVE_INFINITY): Promise<Accuracy> => {
      const images = Math.min(most, sizes[split]);
      return { ...(await engine.countRight(split, images)), images };
    },
  };
}
