/** One step of training as a pure function of tensors: nothing is read back, nothing is kept outside. */
import type { Trajectory } from '../contract.ts';
import type { Pass, Variable } from '../models/layer.ts';
import type { Architecture } from '../models/network.ts';
import type {
  NamedTensorMap,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor4D,
  TensorFlow,
} from '../tensorflow/load.ts';
import { crossEntropy, weightPenalty } from './loss.ts';
import { descend } from './momentum.ts';

export type Parameters = {
  weights: NamedTensorMap;
  momenta: NamedTensorMap;
};

/** images: [B, 28, 28, 3]; labels: int32 [B]; learningRate: a tensor, since it changes between steps; dropout:
 *  float32 [B, inputs of the last layer]. The loss is that of the weights before the step. The caller disposes of what it gets and what it gave. */
export function trainingStep(
  tf: TensorFlow,
  network: Architecture,
  { momentum, weightDecay, decayed }: Pick<Trajectory['optimizer'], 'momentum' | 'weightDecay' | 'decayed'>,
  { weights, momenta }: Parameters,
  {
    images,
    labels,
    learningRate,
    dropout,
  }: { images: Tensor4D; labels: Tensor1D; learningRate: Scalar; dropout?: Tensor2D },
): Parameters & { loss: Scalar } {
  const names = network.variables.map(({ name }) => name);
  const inOrder = (tensors: NamedTensorMap) => names.map((name) => tensors[name]!);
  const byName = (tensors: Tensor[]) => Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));

  const loss = (...current: Tensor[]): Scalar => {
    const pass = { tf, weights: byName(current), statistics: { of: 'batch' }, dropout } as const;
    const entropy = lossOf(tf, network, images, pass, labels);
    if (weightDecay === 0) return entropy;
    const kernels = current.filter((_, i) => isDecayed(network.variables[i]!, decayed));
    return entropy.add(weightPenalty(tf, kernels, weightDecay));
  };

  return tf.tidy(() => {
    const { value, grads: gradients } = tf.valueAndGrads(loss)(inOrder(weights));
    const next = descend(
      { weights: inOrder(weights), momenta: inOrder(momenta), gradients },
      { learningRate, momentum },
    );
    return { loss: value, weights: byName(next.weights), momenta: byName(next.momenta) };
  });
}

/** Kernels, and not biases and shifts; of fully connected layers alone, if the run says so. */
const isDecayed = ({ kind, shape }: Variable, decayed: Trajectory['optimizer']['decayed']) =>
  kind === 'kernel' && (decayed !== 'dense-kernels' || shape.length === 2);

function lossOf(
  tf: TensorFlow,
  network: Architecture,
  images: Tensor4D,
  pass: Pass,
  labels: Tensor1D,
): Scalar {
  if (!network.applyInTraining) return crossEntropy(tf, network.apply(images, pass), labels);
  const { logits, auxiliary } = network.applyInTraining(images, pass);
  return crossEntropy(tf, logits, labels).add(
    crossEntropy(tf, auxiliary.logits, labels).mul(auxiliary.weight),
  );
}
