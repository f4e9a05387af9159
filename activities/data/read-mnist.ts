/** MNIST out of its files. Where the training images are missing, the test images are split, which is another data set
 *  than the paper's and is stamped: of their canonical order, which is a random one, the first four of five train. */
import type { SourceForm } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { inCanonicalOrder } from './canonical.ts';
import type { Dataset, Split } from './images.ts';
import { FILES, type MnistSplit, PIXELS, readMnistSplit } from './mnist.ts';
import type { MnistFile } from './sources/mnist-source.ts';

/** 8,000 of 10,000. */
const TRAIN_PART = 4 / 5;

/** `name` is what errors call the source. Fails with MalformedSource. Yields between steps. */
export function* readMnist(
  name: string,
  found: Map<string, MnistFile>,
): Generator<void, { form: SourceForm; dataset: Dataset }> {
  const train = splitOf(name, found, 'train');
  yield;
  const test = splitOf(name, found, 'test');
  yield;
  if (!test) {
    throw new Failure(
      'MalformedSource',
      `${name} has no ${FILES.test.images}: expected MNIST’s four files, or the two of its test images, which are ` +
        'then split.',
    );
  }
  if (train) return { form: 'idx', dataset: { train, test } };
  return { form: 'idx-test-images', dataset: yield* splitTestImages(test) };
}

export function* splitTestImages(test: MnistSplit): Generator<void, Dataset> {
  const { images, labels } = yield* inCanonicalOrder(test);
  const first = Math.floor(TRAIN_PART * labels.length);
  const part = (from: number, to: number): Split => ({
    images: images.subarray(from * PIXELS, to * PIXELS),
    labels: labels.subarray(from, to),
  });
  return { train: part(0, first), test: part(first, labels.length) };
}

function splitOf(name: string, found: Map<string, MnistFile>, split: keyof typeof FILES): MnistSplit | null {
  const [images, labels] = [FILES[split].images, FILES[split].labels].map((file) => found.get(file));
  if (!images && !labels) return null;
  if (images && labels) return readMnistSplit(images, labels);
  throw new Failure(
    'MalformedSource',
    `${name} has ${(images ?? labels)!.file} and no ${images ? FILES[split].labels : FILES[split].images}: images and ` +
      'labels go together.',
  );
}
