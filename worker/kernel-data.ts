/** The images of a kernel system, from the store. */
import type { KernelImages, KernelSystem, ObjectRef } from '../activities/contract.ts';
import { findDataset, readArray } from '../activities/data/stored-dataset.ts';
import { Failure } from '../activities/failure/failure.ts';
import type { KernelData } from '../activities/kernel/machine.ts';
import { sizeOf, viewed } from '../activities/kernel/viewed-images.ts';
import type { Store } from '../activities/store/store.ts';

export type LoadedKernelData = KernelData & { files: ObjectRef[] };

export async function loadKernelData(store: Store, system: KernelSystem): Promise<LoadedKernelData> {
  const train = await loadSplit(store, system, 'train', system.trainImages);
  const test = await loadSplit(store, system, 'test', system.testImages);
  return { d: sizeOf(system), train, test, files: [...train.files, ...test.files] };
}

/** uint8 [count, d] and [count] */
export async function loadSplit(
  store: Store,
  of: KernelImages,
  split: 'train' | 'test',
  count: number,
): Promise<{ images: Uint8Array; labels: Uint8Array; files: ObjectRef[] }> {
  const dataset = await findDataset(store, of.dataset);
  const { images, labels, count: there } = dataset[split];
  if (count > there) {
    throw new Failure(
      'InvalidInput',
      `${count} ${split} images were asked for, and ${dataset.title} has ${there}: ask for ${there} or fewer.`,
    );
  }
  return {
    images: viewed(await readArray(store, images), of, count),
    labels: (await readArray(store, labels)).subarray(0, count),
    files: [images, labels],
  };
}
