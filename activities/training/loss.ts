/** What training minimises: the mean softmax cross-entropy plus λ/2·‖w‖² over the kernels that are
 *  decayed. */
import { softmaxCrossEntropy } from '../tensorflow/cross-entropy.ts';
import type { Scalar, Tensor, Tensor1D, Tensor2D, TensorFlow } from '../tensorflow/load.ts';

/** logits: [B, 10]; labels: int32 [B]. */
export function crossEntropy(tf: TensorFlow, logits: Tensor2D, labels: Tensor1D): Scalar {
  return softmaxCrossEntropy(tf, logits, labels).mean<Scalar>();
}

/** λ/2·‖w‖² */
export function weightPenalty(tf: TensorFlow, kernels: Tensor[], weightDecay: number): Scalar {
  return tf.addN(kernels.map((kernel) => kernel.square().sum<Scalar>())).mul(weightDecay / 2);
}
