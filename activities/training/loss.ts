/** What training minimises: the mean softmax cross-entropy plus λ/2·‖w‖² over the kernels; biases and shifts are not
 *  decayed. */
import type { Scalar, Tensor, Tensor1D, Tensor2D, TensorFlow } from '../tensorflow/load.ts';

const CLASSES = 10;

/** logits: [B, 10]; labels: int32 [B]. */
export function crossEntropy(tf: TensorFlow, logits: Tensor2D, labels: Tensor1D): Scalar {
  const logLikelihood = tf.logSoftmax(logits).mul(tf.oneHot(labels, CLASSES)); // [B, 10], one non-zero a row
  return logLikelihood.sum<Scalar>().div(-logits.shape[0]);
}

/** λ/2·‖w‖² */
export function weightPenalty(tf: TensorFlow, kernels: Tensor[], weightDecay: number): Scalar {
  return tf.addN(kernels.map((kernel) => kernel.square().sum<Scalar>())).mul(weightDecay / 2);
}
