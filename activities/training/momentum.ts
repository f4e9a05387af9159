/** Gradient descent with momentum: v ← m·v + g, w ← w − lr·v. The rate is outside v, so that a change of it acts at
 *  once. */
import type { Scalar, Tensor } from '../tensorflow/load.ts';

/** weights, momenta and gradients belong together place by place; nothing is changed in place. */
export function descend(
  { weights, momenta, gradients }: { weights: Tensor[]; momenta: Tensor[]; gradients: Tensor[] },
  { learningRate, momentum }: { learningRate: Scalar; momentum: number },
): { weights: Tensor[]; momenta: Tensor[] } {
  const next = momenta.map((v, i) => v.mul(momentum).add(gradients[i]!));
  return { weights: weights.map((w, i) => w.sub(next[i]!.mul(learningRate))), momenta: next };
}
