/** One step of training as a pure function of tensors: nothing is read back, nothing is kept outside. */
import type { Trajectory } from '../contract.ts';
import type { Architecture } from '../models/network.ts';
import type { NamedTensorMap, Scalar, Tensor, Tensor1D, Tensor4D, TensorFlow } from '../tensorflow/load.ts';
import { crossEntropy, weightPenalty } from './loss.ts';
import { descend } from './momentum.ts';

export type Parameters = {
  weights: NamedTensorMap;
  momenta: NamedTensorMap;
};

/** images: [B, 28, 28, 3]; labels: int32 [B]; learningRate: a tensor, since it changes between steps. The loss is
 *  that of the weights before the step. The caller disposes of what it gets and what it gave. */
export function trainingStep(
  tf: TensorFlow,
  network: Architecture,
  { momentum, weightDecay }: Pick<Trajectory['optimizer'], 'momentum' | 'weightDecay'>,
  { weights, momenta }: Parameters,
  { images, labels, learningRate }: { images: Tensor4D; labels: Tensor1D; learningRate: Scalar },
): Parameters & { loss: Scalar } {
  const names = network.variables.map(({ name }) => name);
  const inOrder = (tensors: NamedTensorMap) => names.map((name) => tensors[name]!);
  const byName = (tensors: Tensor[]) => Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));

  const loss = (...current: Tensor[]): Scalar => {
    const pass = { tf, weights: byName(current), statistics: { of: 'batch' } } as const;
    const entropy = crossEntropy(tf, network.apply(images, pass), labels);
    if (weightDecay === 0) return entropy;
    const kernels = current.filter((_, i) => network.variables[i]!.kind === 'kernel');
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
