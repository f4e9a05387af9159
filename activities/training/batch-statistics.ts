/** What batch norm divides by in evaluation: means and variances recomputed over training images with the weights as
 *  they are, not the usual moving averages. Those lag behind for thousands of steps, and short runs end before:
 *  512 images that the network fits without an error after 84 steps look 78 % wrong through an average of decay 0.99. */
import type { Pass, Variable } from '../models/layer.ts';
import type { Architecture } from '../models/network.ts';
import type { NamedTensorMap, Tensor4D } from '../tensorflow/load.ts';
import type { NamedArrays } from '../tensorflow/named-arrays.ts';

/** Names and shapes of a network's statistics; none without batch norm. */
export function statisticsOf({ variables }: Architecture): { name: string; shape: Variable['shape'] }[] {
  return variables
    .filter(({ kind }) => kind === 'shift')
    .flatMap(({ name, shape }) =>
      ['mean', 'variance'].map((what) => ({ name: name.replace(/shift$/, what), shape })),
    );
}

/** Of one batch in training mode, as tensors [C]; the variances are unbiased. images: float32 [B, 28, 28, 3]. */
export function batchStatistics(
  network: Architecture,
  { tf, weights }: Pick<Pass, 'tf' | 'weights'>,
  images: Tensor4D,
): NamedTensorMap {
  const found: NamedTensorMap = {};
  network.apply(images, {
    tf,
    weights,
    statistics: {
      of: 'batch',
      collect: (layer, mean, variance) => {
        found[`${layer}/mean`] = mean;
        found[`${layer}/variance`] = variance;
      },
    },
  });
  return found;
}

/** Averages the statistics of several batches by their sizes. */
export function averageStatistics(batches: { size: number; statistics: NamedArrays }[]): NamedArrays {
  const images = batches.reduce((sum, { size }) => sum + size, 0);
  const [first] = batches;
  return Object.fromEntries(
    Object.entries(first?.statistics ?? {}).map(([name, { shape }]) => {
      const data = Float32Array.from({ length: shape[0]! }, (_, channel) =>
        batches.reduce(
          (sum, { size, statistics }) => sum + (size / images) * statistics[name]!.data[channel]!,
          0,
        ),
      );
      return [name, { shape, data }];
    }),
  );
}
