/** A sample with the labels that it is held to: images of a stored data set, or points that are generated. */
import type { ObjectRef, SampleLabels, TheoremSample } from '../contract.ts';
import { CHANNELS, SIDE } from '../data/images.ts';
import { findDataset, readArray } from '../data/stored-dataset.ts';
import { Failure } from '../failure/failure.ts';
import { stream } from '../random/stream.ts';
import type { Store } from '../store/store.ts';
import { generatedPoints } from './generated-points.ts';
import { drawLabels, labelsFor } from './labelled-images.ts';
import { type Sample, sampleOf } from './sample.ts';

const D = SIDE * SIDE * CHANNELS;

/** A sample that is not read yet. */
export interface LocatedSample {
  n: number;
  /** What decides its points. */
  content: object;
  /** `training images of CIFAR-10` */
  title: string;
  inputs: ObjectRef[];
  read(kind: SampleLabels, seed: number): Promise<{ sample: Sample; labels: ArrayLike<number> }>;
}

export async function locateSample(store: Store, of: TheoremSample): Promise<LocatedSample> {
  return 'generated' in of ? generatedSample(of.generated) : imageSample(store, of);
}

function generatedSample(n: number): LocatedSample {
  return {
    n,
    content: { generated: n },
    title: 'points of random bytes',
    inputs: [],
    async read(kind, seed) {
      if (kind === 'true') {
        throw new Failure('InvalidInput', 'Generated points have no true labels: take random or real ones.');
      }
      const sample = generatedPoints({ n, d: D, draw: stream(seed, 'generated-points') });
      return { sample, labels: drawLabels(kind, new Uint8Array(n), seed) };
    },
  };
}

async function imageSample(
  store: Store,
  { dataset, points: asked }: Extract<TheoremSample, { dataset: unknown }>,
): Promise<LocatedSample> {
  const { train, title } = await findDataset(store, dataset);
  const points = Math.min(asked ?? train.count, train.count);
  return {
    n: points,
    content: { dataset, points },
    title: `training images of ${title}`,
    inputs: [train.images, train.labels],
    async read(kind, seed) {
      const images = (await readArray(store, train.images)).subarray(0, points * D);
      const labels = (await readArray(store, train.labels)).subarray(0, points);
      return { sample: sampleOf(images, D), labels: labelsFor(kind, { images, labels, d: D }, seed) };
    },
  };
}
