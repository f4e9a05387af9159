/** What batch norm divides by in evaluation: means and variances recomputed over training images with the weights as
 *  they are, not the usual moving averages. Those lag behind for thousands of steps, and short runs end before:
 *  512 images that the network fits without an error after 84 steps look 78 % wrong through an average of decay 0.99. */
import type { Pass } from '../models/layer.ts';
import type { Architecture } from '../models/network.ts';
import type { NamedTensorMap, Tensor, Tensor4D } from '../tensorflow/load.ts';
import { ranges } from './evaluate.ts';

/** One pass over the first `count` images in training mode, in batches as in training; their statistics are averaged
 *  by size. Empty for a network without batch norm. float32 [C] each, by the names `<layer>/mean` and
 *  `<layer>/variance`; the caller disposes of them. */
export function batchStatistics(
  network: Architecture,
  { tf, weights }: Pick<Pass, 'tf' | 'weights'>,
  images: Tensor4D,
  { count, batchSize }: { count: number; batchSize: number },
): NamedTensorMap {
  let averages: NamedTensorMap = {};
  if (!network.variables.some(({ kind }) => kind === 'shift')) return averages;
  for (const { start, size } of ranges(count, batchSize)) {
    const next = tf.tidy(() => {
      const sums: NamedTensorMap = {};
      const add = (name: string, values: Tensor) => {
        const share = values.mul(size / count);
        sums[name] = averages[name]?.add(share) ?? share;
      };
      network.apply(images.slice(start, size), {
        tf,
        weights,
        statistics: {
          of: 'batch',
          collect: (layer, mean, variance) => {
            add(`${layer}/mean`, mean);
            add(`${layer}/variance`, variance);
          },
        },
      });
      return sums;
    });
    tf.dispose(averages);
    averages = next;
  }
  return averages;
}
