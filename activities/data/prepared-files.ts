/** The files of a prepared data set, made one after another, so that only one of them is in memory. */
import type { Corruption, DatasetId, DatasetRef, ObjectRef } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { contentId } from '../identity/identity.ts';
import { stream } from '../random/stream.ts';
import type { Store } from '../store/store.ts';
import { corruptLabels } from './corrupt-labels.ts';
import { pixelCorruption } from './corrupt-pixels.ts';
import { inSteps } from './in-steps.ts';
import { encodeNpy } from './npy.ts';
import { pixelMoments, prepareImages } from './prepare-images.ts';
import { datasetFolder, readArray } from './stored-dataset.ts';

const RECIPE = 1; // Raised when a change of code changes what is prepared.

type Counts = Record<'trainImages' | 'testImages', number>;

/** Where a prepared data set lies, and what names it. */
export function preparedPlace(
  dataset: DatasetId,
  { labels, pixels, seed }: Corruption,
  { trainImages, testImages }: Counts,
) {
  const ofImages = { recipe: RECIPE, trainImages, testImages, pixels, ...(pixels !== 'intact' && { seed }) };
  const ofLabels = { recipe: RECIPE, labels, ...(labels > 0 && { seed }) };
  const imagesFolder = `${datasetFolder(dataset)}/prepared/${contentId(ofImages)}`;
  return { ofImages, ofLabels, imagesFolder, labelsFolder: `${imagesFolder}/${contentId(ofLabels)}` };
}

/** How many images of each split are used; null takes all. Fails with InvalidInput where there are not so many. */
export function countsOf(
  dataset: Pick<DatasetRef, 'title'> & Record<'train' | 'test', { count: number }>,
  asked: Record<keyof Counts, number | null>,
): Counts {
  const countOf = (split: 'train' | 'test') => {
    const { count } = dataset[split];
    const wanted = asked[`${split}Images`];
    if (wanted === null || wanted <= count) return wanted ?? count;
    throw new Failure(
      'InvalidInput',
      `${split}Images is ${wanted}, and ${dataset.title} has ${count}: ask for ${count} or fewer, or for null, which takes all.`,
    );
  };
  return { trainImages: countOf('train'), testImages: countOf('test') };
}

/** The files of a folder and their provenance, made when one of them is missing. */
export async function keepOnce(
  store: Store,
  folder: string,
  names: string[],
  make: () => AsyncIterable<Uint8Array>,
  describe: (files: ObjectRef[]) => Buffer,
): Promise<{ files: ObjectRef[]; provenance: ObjectRef }> {
  const crate = `${folder}/ro-crate-metadata.json`;
  const keys = names.map((name) => `${folder}/${name}`);
  const [provenance, ...present] = await Promise.all([crate, ...keys].map((key) => store.head(key)));
  const whole = present.filter((ref) => ref !== null);
  if (provenance && whole.length === keys.length) return { files: whole, provenance };

  const files: ObjectRef[] = [];
  for await (const bytes of make()) files.push(await store.putIfAbsent(keys[files.length]!, bytes));
  return { files, provenance: await store.putIfAbsent(crate, describe(files), 'application/ld+json') };
}

/** Training images, then test images, as npy files. */
export async function* imageFiles(
  store: Store,
  dataset: DatasetRef,
  corruption: Corruption,
  counts: { trainImages: number; testImages: number },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const train = await readArray(store, dataset.train.images);
  // Over the whole training split, whatever part of it is used: image i is the same in every subset.
  const moments = await inSteps(pixelMoments(train), signal);
  const corruptTrain = pixelCorruption(corruption, 'train', moments);
  yield await inSteps(prepareImages(train, counts.trainImages, corruptTrain), signal);
  const test = await readArray(store, dataset.test.images);
  const corruptTest = pixelCorruption(corruption, 'test', moments);
  yield await inSteps(prepareImages(test, counts.testImages, corruptTest), signal);
}

/** Training labels as trained on, training labels before the corruption, test labels, as npy files. */
export async function* labelFiles(
  store: Store,
  dataset: DatasetRef,
  corruption: Corruption,
  { trainImages, testImages }: { trainImages: number; testImages: number },
): AsyncGenerator<Uint8Array> {
  const clean = (await readArray(store, dataset.train.labels)).subarray(0, trainImages);
  const noise = stream(corruption.seed, 'label-corruption');
  yield encodeNpy('uint8', [trainImages], corruptLabels(clean, corruption.labels, noise));
  yield encodeNpy('uint8', [trainImages], clean);
  const test = (await readArray(store, dataset.test.labels)).subarray(0, testImages);
  yield encodeNpy('uint8', [testImages], test);
}
