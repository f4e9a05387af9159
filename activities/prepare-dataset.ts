/** Crops, corrupts and whitens a data set, once: whole CIFAR-10 takes a few seconds and 470 MB (Gaussian noise: ten
 *  seconds), and the second time nothing. Labels lie below the images they go with, so that another corruption of
 *  labels writes no images.
 *    datasets/<name>/<sha256>/prepared/<images id>/{train,test}-images.npy, ro-crate-metadata.json
 *    datasets/<name>/<sha256>/prepared/<images id>/<labels id>/{train,train-clean,test}-labels.npy, ro-crate-… */
import { Context } from '@temporalio/activity';
import type { Activities, Corruption, DatasetRef, ObjectRef } from './contract.ts';
import { corruptLabels } from './data/corrupt-labels.ts';
import { pixelCorruption } from './data/corrupt-pixels.ts';
import { inSteps } from './data/in-steps.ts';
import { encodeNpy } from './data/npy.ts';
import { pixelMoments, prepareImages } from './data/prepare-images.ts';
import { datasetFolder, findDataset, readArray } from './data/stored-dataset.ts';
import { Failure } from './failure/failure.ts';
import { contentId } from './identity/identity.ts';
import { type Environment, provenance } from './provenance/provenance.ts';
import { stream } from './random/stream.ts';
import type { Store } from './store/store.ts';

const RECIPE = 1; // Raised when a change of code changes what is prepared.

export function createPrepareDataset(deps: {
  store: Store;
  environment: Environment;
  now: () => Date;
}): Activities['prepareDataset'] {
  const { store } = deps;

  return async ({ dataset: id, trainImages, testImages, corruption }) => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), 1000);
    const startedAt = deps.now();
    const describe = (about: string, inputs: ObjectRef[], parameters: object) => (outputs: ObjectRef[]) =>
      provenance({
        title: `Prepared ${id.name}`,
        about,
        inputs,
        outputs,
        parameters: { ...parameters },
        environment: deps.environment,
        startedAt,
        endedAt: deps.now(),
      });
    try {
      const dataset = await findDataset(store, id);
      const counts = {
        trainImages: countOf(dataset, 'train', trainImages),
        testImages: countOf(dataset, 'test', testImages),
      };
      const { labels: p, pixels, seed } = corruption;
      const ofImages = { recipe: RECIPE, ...counts, pixels, ...(pixels !== 'intact' && { seed }) };
      const ofLabels = { recipe: RECIPE, labels: p, ...(p > 0 && { seed }) };
      const imagesFolder = `${datasetFolder(id)}/prepared/${contentId(ofImages)}`;
      const labelsFolder = `${imagesFolder}/${contentId(ofLabels)}`;

      const images = await once(
        store,
        imagesFolder,
        ['train-images.npy', 'test-images.npy'],
        () => imageFiles(store, dataset, corruption, counts, context.cancellationSignal),
        describe(
          'Images as the network sees them, float32 [n, 28, 28, 3]: pixels / 255, centre crop, corruption, whitening.',
          [dataset.train.images, dataset.test.images],
          ofImages,
        ),
      );
      const labels = await once(
        store,
        labelsFolder,
        ['train-labels.npy', 'train-clean-labels.npy', 'test-labels.npy'],
        () => labelFiles(store, dataset, corruption, counts),
        describe(
          'Labels of the images, uint8 [n]: as trained on, and before the corruption.',
          [dataset.train.labels, dataset.test.labels, ...images.files],
          { ...ofImages, ...ofLabels },
        ),
      );

      const [ofTrain, ofTest] = images.files;
      const [noisy, clean, untouched] = labels.files;
      return {
        train: { images: ofTrain!, labels: noisy!, cleanLabels: clean!, count: counts.trainImages },
        test: { images: ofTest!, labels: untouched!, cleanLabels: untouched!, count: counts.testImages },
        provenance: labels.provenance,
      };
    } finally {
      clearInterval(beat);
    }
  };
}

/** How many images of a split are used. */
function countOf(dataset: DatasetRef, split: 'train' | 'test', asked: number | null): number {
  const { count } = dataset[split];
  if (asked === null || asked <= count) return asked ?? count;
  throw new Failure(
    'InvalidInput',
    `${split}Images is ${asked}, and ${dataset.title} has ${count}: ask for ${count} or fewer, or for null, which takes all.`,
  );
}

/** The files of a folder and their provenance, made when one of them is missing. */
async function once(
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

async function* imageFiles(
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

async function* labelFiles(
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
