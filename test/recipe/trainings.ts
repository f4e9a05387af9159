/** Small trainings that between them use every model, corruption, regulariser and precision: what they compute is what
 *  the `recipe` of a trajectory stands for. */
import type { Cifar10Model, Corruption, Precision, Regularization } from '../../activities/contract.ts';
import { Trajectory } from '../../activities/contract.ts';
import { corruptLabels } from '../../activities/data/corrupt-labels.ts';
import { pixelCorruption } from '../../activities/data/corrupt-pixels.ts';
import { BYTES_PER_IMAGE } from '../../activities/data/images.ts';
import { decodeNpy } from '../../activities/data/npy.ts';
import { pixelMoments, prepareImages } from '../../activities/data/prepare-images.ts';
import { sha256 } from '../../activities/identity/identity.ts';
import { type Numerics, sameNumerics } from '../../activities/provenance/numerics.ts';
import { stream } from '../../activities/random/stream.ts';
import type { TensorFlow } from '../../activities/tensorflow/load.ts';
import { encodeSafetensors } from '../../activities/tensorflow/safetensors.ts';
import { isAugmented } from '../../activities/training/augment.ts';
import type { Split } from '../../activities/training/loop.ts';
import { PROFILES } from '../../workflows/profiles.ts';
import { recipe, UNREGULARIZED } from '../../workflows/recipe.ts';
import { train } from '../activities/training/small-training.ts';

interface Case {
  model: Cifar10Model;
  labels?: number;
  pixels?: Corruption['pixels'];
  regularization?: Partial<Regularization>;
  precision?: Precision;
}

export const CASES: Record<string, Case> = {
  'mlp-1x512, random labels': { model: 'mlp-1x512', labels: 1 },
  'mlp-3x512, half of the labels, weight decay': {
    model: 'mlp-3x512',
    labels: 0.5,
    regularization: { weightDecay: 5e-4 },
  },
  'alexnet, shuffled pixels, dropout, weight decay on dense layers': {
    model: 'alexnet',
    pixels: 'shuffled',
    regularization: { dropout: 0.5, weightDecay: 0.004, decayed: 'dense-kernels' },
  },
  'alexnet, crop, flip and rotation': {
    model: 'alexnet',
    regularization: { augmentation: { crop: true, flip: true, rotate: true } },
  },
  'inception, random pixels': { model: 'inception', pixels: 'random' },
  'inception, bfloat16': { model: 'inception', precision: 'bfloat16' },
  'inception-without-batch-norm, gaussian': { model: 'inception-without-batch-norm', pixels: 'gaussian' },
};

/** Two batches, the second smaller, and a step of the next epoch. */
const IMAGES = 24;
const BATCH = 16;
const STEPS = 3;

export interface Numbers {
  /** Of images and labels as the network sees them: computed without TensorFlow, the same on every machine. */
  data: string;
  /** Of each step. */
  losses: number[];
  /** Euclidean, over all weights. */
  norm: number;
  /** Of weights and momenta after the last step. */
  state: string;
}

export interface Golden {
  /** Recorded on several backends, one after the other. */
  backends: { on: Numerics; trainings: Record<string, Numbers> }[];
}

export async function numbersOf(tf: TensorFlow, name: string): Promise<Numbers> {
  const { model, labels = 0, pixels = 'intact', regularization, precision } = CASES[name]!;
  const { trajectory: unbound } = recipe(PROFILES.smoke, {
    model,
    corruption: { labels, pixels },
    seed: 1,
    precision,
    regularization: { ...UNREGULARIZED, ...regularization },
  });
  const trajectory: Trajectory = {
    ...unbound,
    dataset: { name: 'procedural', sha256: '0'.repeat(64) },
    batchSize: BATCH,
    decay: { ...unbound.decay, everySteps: 2 },
    evaluation: { everySteps: STEPS, monitored: IMAGES },
  };
  const [trained, tested] = [split(trajectory, 'train', IMAGES), split(trajectory, 'test', 10)];
  const { finished } = await train(tf, {
    trajectory,
    stop: { steps: STEPS, when: null },
    train: trained,
    test: tested,
    from: null,
    stepsACall: () => 1,
  });
  const { losses, weights, momenta } = finished.state;
  const squares = Object.values(weights).flatMap(({ data }) => Array.from(data, (weight) => weight * weight));
  return {
    data: sha256(
      Buffer.concat([trained, tested].flatMap(({ images, labels }) => [raw(images as Float32Array), labels])),
    ),
    losses: Array.from(losses),
    norm: Math.sqrt(squares.reduce((sum, square) => sum + square, 0)),
    state: sha256(Buffer.concat([weights, momenta].map((arrays) => encodeSafetensors(arrays, {})))),
  };
}

const raw = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);

/** Images of noise through the pipeline of a data set. */
function split(
  { corruption, augmentation }: Trajectory,
  name: 'train' | 'test',
  count: number,
): Split & { labels: Uint8Array } {
  const { below } = stream(name === 'train' ? 1 : 2, 'procedural');
  const images = Uint8Array.from({ length: count * BYTES_PER_IMAGE }, () => below(256));
  const clean = Uint8Array.from({ length: count }, () => below(10));
  const labels =
    name === 'train'
      ? corruptLabels(clean, corruption.labels, stream(corruption.seed, 'label-corruption'))
      : clean;
  if (name === 'train' && isAugmented(augmentation))
    return { images: Float32Array.from(images, (pixel) => pixel / 255), labels };
  const corrupt = pixelCorruption(corruption, name, lastOf(pixelMoments(images)));
  return { images: decodeNpy(lastOf(prepareImages(images, count, corrupt)), 'float32').data, labels };
}

function lastOf<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** What was recorded on the same backend, or else on another, where sums round differently. */
export function recordedFor(
  { backends }: Golden,
  here: Numerics,
): { exact: boolean; trainings: Golden['backends'][number]['trainings'] } {
  const same = backends.find(({ on }) => sameNumerics(on, here));
  return { exact: same !== undefined, trainings: (same ?? backends[0]!).trainings };
}

export const { value: RECIPE } = Trajectory.shape.recipe;
export const goldenFile = new URL(`golden-${RECIPE}.json`, import.meta.url);
