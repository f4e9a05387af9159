/** Data sets as they lie in the store, or in their source. */
import { z } from 'zod';
import { DatasetId, ObjectRef } from './runs.ts';

/** How the images reached us. JPEG is lossy: results from it are stamped. idx: MNIST's four files; idx-test-images: its
 *  10,000 test images alone, split, which is stamped too. */
export const SourceForm = z.enum([
  'binary',
  'python',
  'folders-png',
  'folders-jpeg',
  'generated',
  'idx',
  'idx-test-images',
]);
export type SourceForm = z.infer<typeof SourceForm>;

/** An `https://` or `s3://` URL, a path on the worker's machine, or `store:KEY` for an archive that the
 *  command line put into the store; null is the worker's configured source, else the official archive. Of MNIST, which
 *  is four files, the same of the folder they are in. */
export const Source = z.string().min(1);

export const DatasetRef = z.strictObject({
  id: DatasetId,
  form: SourceForm,
  /** One line for stamps and captions: `CIFAR-10 (JPEG-sourced)`. */
  title: z.string(),
  classes: z.array(z.string()),
  /** uint8 [n, 32, 32, 3], of MNIST [n, 28, 28, 1], and uint8 [n], in canonical order. */
  train: z.strictObject({ images: ObjectRef, labels: ObjectRef, count: z.int() }),
  test: z.strictObject({ images: ObjectRef, labels: ObjectRef, count: z.int() }),
  provenance: ObjectRef,
});
export type DatasetRef = z.infer<typeof DatasetRef>;

/** ImageNet as a source has it: the images stay there, the store has their index. */
export const ImageNetRef = z.strictObject({
  /** Of names, labels and files: the same images from shards and from class folders are the same data set. */
  id: DatasetId,
  form: z.enum(['shards', 'folders']),
  title: z.string(),
  /** Where the images lie. */
  source: z.string(),
  classes: z.int().positive(),
  /** images: CSV, a line an image in canonical order. */
  train: z.strictObject({ images: ObjectRef, count: z.int().positive() }),
  test: z.strictObject({ images: ObjectRef, count: z.int().positive() }),
});
export type ImageNetRef = z.infer<typeof ImageNetRef>;

/** One split as the network sees it: cropped, corrupted, whitened.
 *  images: float32 [n, 28, 28, 3], or, for training images that are augmented, the data set's own: uint8
 *  [n or more, 32, 32, 3]; labels: uint8 [n], as trained on; cleanLabels: uint8 [n], before corruption. */
export const PreparedSplit = z.strictObject({
  images: ObjectRef,
  labels: ObjectRef,
  cleanLabels: ObjectRef,
  count: z.int(),
});
export type PreparedSplit = z.infer<typeof PreparedSplit>;

export const PreparedDataset = z.strictObject({
  train: PreparedSplit,
  test: PreparedSplit,
  provenance: ObjectRef,
});
export type PreparedDataset = z.infer<typeof PreparedDataset>;
