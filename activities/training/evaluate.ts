/** How well a network does on a batch, as a pure function of tensors. */
import type { Pass } from '../models/layer.ts';
import type { Architecture } from '../models/network.ts';
import type { Scalar, Tensor1D, Tensor4D } from '../tensorflow/load.ts';

/** images: float32 [B, 28, 28, 3]; labels: int32 [B]. Right answers: int32 []. */
export function countRight(
  network: Architecture,
  pass: Pass,
  { images, labels }: { images: Tensor4D; labels: Tensor1D },
): Scalar {
  return network.apply(images, pass).argMax(1).equal(labels).sum<Scalar>();
}
