/** How well a network does on a batch, as a pure function of tensors. */
import type { Pass } from '../models/layer.ts';
import type { Architecture } from '../models/network.ts';
import type { Scalar, Tensor1D, Tensor2D, Tensor4D, TensorFlow } from '../tensorflow/load.ts';

/** images: float32 [B, …]; labels: int32 [B]. Right answers, int32 []: with the first guess, and, of networks that are
 *  held to it, among the first five. */
export function countRight(
  network: Architecture,
  pass: Pass,
  { images, labels }: { images: Tensor4D; labels: Tensor1D },
): { first: Scalar; five?: Scalar } {
  const logits = network.apply(images, pass);
  const first = logits.argMax(1).equal(labels).sum<Scalar>();
  return network.topFive ? { first, five: amongFive(pass.tf, logits, labels) } : { first };
}

/** Examples of which fewer than five other classes have a larger logit. */
function amongFive(tf: TensorFlow, logits: Tensor2D, labels: Tensor1D): Scalar {
  const own = tf.oneHot(labels, logits.shape[1]).toFloat().mul(logits).sum(1, true); // [B, 1]
  const before = logits.greater(own).toInt().sum(1); // [B]
  return before.less(tf.scalar(5, 'int32')).toInt().sum<Scalar>();
}
