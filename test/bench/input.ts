/** What all variants work on: the same first weights, images, labels and batches, as one safetensors file:
 *    weights/<variable>; statistics/<layer>/mean and …/variance; images [16·B, side, side, 3]; labels [16·B];
 *    batches [16, B], indices of images.
 *  Images are the paper's Gaussian ones and labels its random ones, so that no data set is needed. */
import { z } from 'zod';
import { initialise } from '../../activities/models/initialise.ts';
import { type Architecture, network } from '../../activities/models/network.ts';
import { stream } from '../../activities/random/stream.ts';
import type { NamedArrays } from '../../activities/tensorflow/named-arrays.ts';
import { decodeSafetensors, encodeSafetensors } from '../../activities/tensorflow/safetensors.ts';
import { batchesFrom, stepsPerEpoch } from '../../activities/training/batch-order.ts';
import { type Model, SETTINGS } from './job.ts';

const SEED = 1;
const BATCHES = 16;

export const benchNetwork = (model: Model): Architecture => network(model, SETTINGS[model].classes);

export function benchInput(model: Model): Buffer {
  const network = benchNetwork(model);
  const { batch, side } = SETTINGS[model];
  const count = BATCHES * batch;
  const under = (folder: string, arrays: NamedArrays): NamedArrays =>
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${folder}/${name}`, array]));
  const pixels = stream(SEED, 'train-gaussian-pixels');
  const labels = stream(SEED, 'label-corruption');
  const batches = batchesFrom(0, { images: count, batchSize: batch, seed: SEED });
  const order = Array.from({ length: stepsPerEpoch(count, batch) }, () => [...batches.next().value]);
  return encodeSafetensors(
    {
      ...under('weights', initialise(network.variables, SEED)),
      ...under('statistics', statistics(network)),
      images: {
        shape: [count, side, side, 3],
        data: Float32Array.from({ length: count * side * side * 3 }, pixels.normal),
      },
      labels: { shape: [count], data: Float32Array.from({ length: count }, () => labels.below(10)) },
      batches: { shape: [order.length, batch], data: Float32Array.from(order.flat()) },
    },
    {},
  );
}

export interface BenchInput {
  weights: NamedArrays;
  statistics: NamedArrays;
  images: Float32Array;
  /** Of an image: rows, columns, channels. */
  imageShape: [number, number, number];
  labels: Uint8Array;
  /** Indices of images. After the last one they begin anew. */
  batch(number: number): Int32Array;
}

export function decodeBenchInput(bytes: Uint8Array): BenchInput {
  const { arrays } = decodeSafetensors(bytes);
  const { images, labels, batches } = arrays;
  if (!images || !labels || !batches) throw new Error('The input has no images, labels or batches.');
  const [count = 0, size = 0] = batches.shape;
  const below = (folder: string): NamedArrays =>
    Object.fromEntries(
      Object.entries(arrays)
        .filter(([name]) => name.startsWith(`${folder}/`))
        .map(([name, array]) => [name.slice(folder.length + 1), array]),
    );
  return {
    weights: below('weights'),
    statistics: below('statistics'),
    images: images.data,
    imageShape: z.tuple([z.number(), z.number(), z.number()]).parse(images.shape.slice(1)),
    labels: Uint8Array.from(labels.data),
    batch(number) {
      const start = (number % count) * size;
      return Int32Array.from(batches.data.subarray(start, start + size));
    },
  };
}

/** Any would do that nobody can leave out and that let signals through. */
function statistics({ variables }: Architecture): NamedArrays {
  return Object.fromEntries(
    variables
      .filter(({ kind }) => kind === 'shift')
      .flatMap(({ name, shape: [channels = 0] }) => {
        const layer = name.replace(/\/shift$/, '');
        const filled = (value: number) => ({
          shape: [channels],
          data: new Float32Array(channels).fill(value),
        });
        return [
          [`${layer}/mean`, filled(0.05)],
          [`${layer}/variance`, filled(0.9)],
        ];
      }),
  );
}
