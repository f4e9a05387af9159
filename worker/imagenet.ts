/** ImageNet as a training reads it: from where its source has it, with the labels that the run trains on. */
import type { Trajectory } from '../activities/contract.ts';
import type { ImageSplit } from '../activities/data/imagenet/batches.ts';
import { corruptImageLabels } from '../activities/data/imagenet/corrupt-image-labels.ts';
import type { ImageIndex } from '../activities/data/imagenet/image-index.ts';
import { findImageNet, readSplit } from '../activities/data/imagenet/stored-index.ts';
import { openFiles } from '../activities/data/sources/open-files.ts';
import type { Store } from '../activities/store/store.ts';

export async function openImageNet(
  store: Store,
  { dataset, corruption, trainImages, testImages }: Trajectory,
): Promise<{ train: ImageSplit; test: ImageSplit; classes: number }> {
  const ref = await findImageNet(store, dataset);
  const { signal } = new AbortController(); // the process ends before anybody would stop this
  const files = openFiles(ref.source);
  const [train, test] = [
    firstOf(await readSplit(store, ref, 'train', signal), trainImages),
    firstOf(await readSplit(store, ref, 'test', signal), testImages),
  ];
  const { classes } = ref;
  const { labels: p, seed } = corruption;
  const labels = p > 0 ? corruptImageLabels(train, { p, classes, seed }) : train.labels;
  return {
    classes,
    train: { files, index: train, labels },
    test: { files, index: test, labels: test.labels },
  };
}

/** Canonical order is a random one over all classes, so the first images are a sample. */
function firstOf(index: ImageIndex, count: number | null): ImageIndex {
  return count === null
    ? index
    : { ...index, names: index.names.slice(0, count), labels: index.labels.subarray(0, count) };
}
