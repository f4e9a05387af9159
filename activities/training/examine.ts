/** The two occasions on which a training is evaluated: on schedule, and when it ends. */
import type { Accuracy, Trajectory } from '../contract.ts';
import type { Architecture } from '../models/network.ts';
import type { NamedTensorMap, TensorFlow } from '../tensorflow/load.ts';
import { type NamedArrays, toArrays } from '../tensorflow/named-arrays.ts';
import { batchStatistics } from './batch-statistics.ts';
import { type Evaluation, isThresholdNear } from './convergence.ts';
import { accuracy, type DeviceSplit } from './evaluate.ts';

export interface Examined {
  tf: TensorFlow;
  trajectory: Pick<Trajectory, 'batchSize' | 'evaluation'>;
  network: Architecture;
  train: DeviceSplit;
  test: DeviceSplit;
}

/** The monitored images of both splits, and the whole training set when a threshold is near. */
export function examine(
  examined: Examined,
  weights: NamedTensorMap,
  { step, evaluations }: { step: number; evaluations: readonly Evaluation[] },
): Evaluation {
  const { monitored } = examined.trajectory.evaluation;
  const { count, dispose } = examiner(examined, weights);
  const train = count('train', monitored);
  const test = count('test', monitored);
  const isWhole = train.images === size(examined.train);
  const wholeTrain = isWhole ? train : isThresholdNear(train, evaluations) ? count('train') : null;
  dispose();
  return { step, train, test, wholeTrain };
}

/** Both splits whole. A look of the same step is not repeated. */
export function examineLast(
  examined: Examined,
  weights: NamedTensorMap,
  { step, evaluations }: { step: number; evaluations: readonly Evaluation[] },
): { train: Accuracy; test: Accuracy; batchNorm: NamedArrays | null } {
  const last = evaluations.at(-1);
  const known = last?.step === step ? last : null;
  const { statistics, count, dispose } = examiner(examined, weights);
  const train = known?.wholeTrain ?? count('train');
  const test = known?.test.images === size(examined.test) ? known.test : count('test');
  const batchNorm = Object.keys(statistics).length ? toArrays(statistics) : null;
  dispose();
  return { train, test, batchNorm };
}

const size = ({ labels }: DeviceSplit) => labels.shape[0];

function examiner({ tf, trajectory, network, train, test }: Examined, weights: NamedTensorMap) {
  const { batchSize, evaluation } = trajectory;
  const count = Math.min(evaluation.monitored, size(train));
  const statistics = batchStatistics(network, { tf, weights }, train.images, { count, batchSize });
  const pass = { tf, weights, statistics: { of: 'training-set', values: statistics } } as const;
  const splits = { train, test };
  return {
    statistics,
    /** Right answers among the first `most` images of a split, or all. */
    count: (split: 'train' | 'test', most = Number.POSITIVE_INFINITY) =>
      accuracy(network, pass, splits[split], Math.min(most, size(splits[split]))),
    dispose: () => tf.dispose(statistics),
  };
}
