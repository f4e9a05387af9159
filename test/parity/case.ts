/** What both sides compute on, from fixed seeds: a network's weights and images. */
import { Cifar10Model } from '../../activities/contract.ts';
import { initialise } from '../../activities/models/initialise.ts';
import type { Architecture } from '../../activities/models/network.ts';
import { stream } from '../../activities/random/stream.ts';
import type { NamedArrays } from '../../activities/tensorflow/named-arrays.ts';
import { statisticsOf } from '../../activities/training/batch-statistics.ts';
import { arrayOf, normal, uniform, within } from './arrays.ts';

/** A network, or operations each alone. */
export const SUBJECTS = [...Cifar10Model.options, 'operations'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** Small, so that no ReLU's input need lie near its corner: see IMAGES. */
export const BATCH = 4;
export const STEPS = 10;
/** Small, so that Inception's steps do not amplify what rounding did. */
export const LEARNING_RATE = 0.001;
export const MOMENTUM = 0.9; // Appendix A
/** Ten times the usual one, so that it counts. */
export const WEIGHT_DECAY = 0.005;

export const SEED = 1;
/** Which of the stream's noise the images are. An input of a ReLU so near to 0 that rounding decides its side changes
 *  a gradient by per cents, in any framework. Of 1,500 tried, both Inceptions keep farthest from that in the first
 *  batch of this one: 6e-6, where rounding comes to 1e-6. */
const IMAGES = 47;

/** weights/<variable>; statistics/<layer>/mean and …/variance; images [STEPS·BATCH, 28, 28, 3], labels [STEPS·BATCH]:
 *  step after step its batch. Biases and shifts, which trainings begin with as zeros, are none: they are to count. */
export function networkCase(network: Architecture): NamedArrays {
  const weights = initialise(network.variables, SEED);
  const others = stream(SEED, 'train-gaussian-pixels', 1);
  for (const { name, kind } of network.variables) {
    if (kind !== 'kernel') weights[name] = arrayOf(weights[name]!.shape, normal(others, 0, 0.1));
  }
  const statistics = statisticsOf(network).map(({ name, shape }) => [
    name,
    arrayOf(shape, name.endsWith('/variance') ? uniform(others, 0.5, 2) : normal(others, 0, 0.3)),
  ]);
  const images = stream(SEED, 'train-gaussian-pixels', IMAGES);
  return {
    ...within('weights', weights),
    ...within('statistics', Object.fromEntries(statistics)),
    images: arrayOf([STEPS * BATCH, 28, 28, 3], normal(images, 0, 1)),
    labels: labels(STEPS * BATCH),
  };
}

/** [count], classes 0 … 9. */
export function labels(count: number) {
  const { below } = stream(SEED, 'label-corruption');
  return arrayOf([count], () => below(10));
}
