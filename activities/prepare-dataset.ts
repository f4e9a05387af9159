/** Crops, corrupts and whitens a data set, once: whole CIFAR-10 takes a few seconds and 470 MB (Gaussian noise: ten
 *  seconds), and the second time nothing. Labels lie below the images they go with, so that another corruption of
 *  labels writes no images.
 *    datasets/<name>/<sha256>/prepared/<images id>/{train,test}-images.npy, ro-crate-metadata.json
 *    datasets/<name>/<sha256>/prepared/<images id>/<labels id>/{train,train-clean,test}-labels.npy, ro-crate-… */
import { Context } from '@temporalio/activity';
import type { Activities, ObjectRef } from './contract.ts';
import { countsOf, imageFiles, keepOnce, labelFiles, preparedPlace } from './data/prepared-files.ts';
import { findDataset } from './data/stored-dataset.ts';
import { type Environment, provenance } from './provenance/provenance.ts';
import type { Store } from './store/store.ts';
import { isAugmented } from './training/augment.ts';

export function createPrepareDataset(deps: {
  store: Store;
  environment: Environment;
  now: () => Date;
}): Activities['prepareDataset'] {
  const { store } = deps;

  return async ({ dataset: id, trainImages, testImages, corruption, augmentation }) => {
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
      const counts = countsOf(dataset, { trainImages, testImages });
      const { ofImages, ofLabels, imagesFolder, labelsFolder } = preparedPlace(id, corruption, counts);

      const images = await keepOnce(
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
      const labels = await keepOnce(
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
        train: {
          images: augmentation && isAugmented(augmentation) ? dataset.train.images : ofTrain!,
          labels: noisy!,
          cleanLabels: clean!,
          count: counts.trainImages,
        },
        test: { images: ofTest!, labels: untouched!, cleanLabels: untouched!, count: counts.testImages },
        provenance: labels.provenance,
      };
    } finally {
      clearInterval(beat);
    }
  };
}
