/** Prepared images that trainings will want and the store does not have: most of what a full-size request writes. */
import type { DatasetRef } from '../contract.ts';
import { countsOf, preparedPlace } from '../data/prepared-files.ts';
import type { Store } from '../store/store.ts';
import { bytesOfPrepared } from './bytes.ts';
import type { PlannedTraining } from './plan.ts';

/** Bytes of the images of each folder that is not there. Fails with InvalidInput where more images are asked for than
 *  there are. */
export async function preparedBytes(
  store: Store,
  dataset: DatasetRef,
  trainings: PlannedTraining[],
): Promise<number> {
  const wanted = new Map<string, number>();
  for (const { planned, state } of trainings) {
    const { corruption, trainImages, testImages } = planned.run.trajectory;
    const counts = countsOf(dataset, { trainImages, testImages });
    const { imagesFolder } = preparedPlace(dataset.id, corruption, counts);
    const { trainImages: train, testImages: test } = counts;
    if (state !== 'stored') wanted.set(imagesFolder, bytesOfPrepared({ train, test }));
  }
  let bytes = 0;
  for (const [folder, size] of wanted) {
    if (!(await store.head(`${folder}/train-images.npy`))) bytes += size;
  }
  return bytes;
}
