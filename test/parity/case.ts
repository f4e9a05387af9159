/** What both sides compute on, from fixed seeds: a network's weights and images. */
import { ModelName } from '../../activities/contract.ts';
import { SIDE as LARGE } from '../../activities/models/inception-v3.ts';
import { initialise } from '../../activities/models/initialise.ts';
import type { Architecture } from '../../activities/models/network.ts';
import { stream } from '../../activities/random/stream.ts';
import type { NamedArrays } from '../../activities/tensorflow/named-arrays.ts';
import { statisticsOf } from '../../activities/training/batch-statistics.ts';
import { arrayOf, normal, uniform, within } from './arrays.ts';

/** A network, or operations each alone. */
export const SUBJECTS = [...ModelName.options, 'operations'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** side: of the square images. contrasts: their deviations, in turn. batch: small, so that no ReLU's input need lie near its corner: see IMAGES. */
export interface Setting {
  side: number;
  batch: number;
  contrasts: number[];
  steps: number;
  learningRate: number;
}

const SMALL: Setting = {
  side: 28,
  batch: 4,
  contrasts: [1],
  steps: 10,
  learningRate: 0.001, // small, so that Inception's steps do not amplify what rounding did
};

/** A step of Inception V3 costs as much as a hundred of the others. Its auxiliary classifier divides by the deviation of
 *  one pixel of each image: were they alike, that would be a small difference of large numbers. */
export const settingOf = (subject: Subject): Setting =>
  subject === 'inception-v3'
    ? { side: LARGE, batch: 4, contrasts: [0.5, 1, 2, 4], steps: 2, learningRate: 1e-5 }
    : SMALL;

export const MOMENTUM = 0.9; // Appendix A
/** Ten times the usual one, so that it counts. */
export const WEIGHT_DECAY = 0.005;

export const SEED = 1;
/** Which of the stream's noise the images are. An input of a ReLU so near to 0 that rounding decides its side changes
 *  a gradient by per cents, in any framework. Of 1,500 tried, both Inceptions keep farthest from that in the first
 *  batch of this one: 6e-6, where rounding comes to 1e-6. */
const IMAGES = 47;

/** weights/<variable>; statistics/<layer>/mean and …/variance; images [steps·batch, side, side, 3], labels [steps·batch]:
 *  step after step its batch. Biases and shifts, which trainings begin with as zeros, are none: they are to count. */
export function networkCase(network: Architecture, { side, batch, contrasts, steps }: Setting): NamedArrays {
  const weights = initialise(network.variables, SEED);
  const others = stream(SEED, 'train-gaussian-pixels', 1);
  for (const { name, kind } of network.variables) {
    if (kind !== 'kernel') weights[name] = arrayOf(weights[name]!.shape, normal(others, 0, 0.1));
  }
  const statistics = statisticsOf(network).map(({ name, shape }) => [
    name,
    arrayOf(shape, name.endsWith('/variance') ? uniform(others, 0.5, 2) : normal(others, 0, 0.3)),
  ]);
  const { normal: standard } = stream(SEED, 'train-gaussian-pixels', IMAGES);
  const contrastOf = (pixel: number) => contrasts[Math.floor(pixel / (side * side * 3)) % contrasts.length]!;
  const length = steps * batch * side * side * 3;
  const pixels = Float32Array.from({ length }, (_, pixel) => contrastOf(pixel) * standard());
  return {
    ...within('weights', weights),
    ...within('statistics', Object.fromEntries(statistics)),
    images: { shape: [steps * batch, side, side, 3], data: pixels },
    labels: labels(steps * batch),
  };
}

/** [count], classes 0 … 9. */
export function labels(count: number) {
  const { below } = stream(SEED, 'label-corruption');
  return arrayOf([count], () => below(10));
}
