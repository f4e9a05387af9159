/** MNIST (LeCun, Cortes, Burges 1998): 60,000 training and 10,000 test images of handwritten digits, 28×28, grey.
 *  http://yann.lecun.com/exdb/mnist/ */
import { Failure } from '../failure/failure.ts';
import { type IdxArray, readIdx } from './mnist-idx.ts';

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** Digits, in the order of their labels. */
export const CLASSES: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

export interface MnistSplit {
  /** uint8 [n, 28, 28] */
  images: Uint8Array;
  /** uint8 [n], each below 10. */
  labels: Uint8Array;
}

/** The four files, wherever they come from. */
export const FILES = {
  train: { images: 'train-images-idx3-ubyte.gz', labels: 'train-labels-idx1-ubyte.gz' },
  test: { images: 't10k-images-idx3-ubyte.gz', labels: 't10k-labels-idx1-ubyte.gz' },
} as const;

/** Folders that serve the four files; the digests make every one as good as the first. */
export const OFFICIAL = {
  mirrors: [
    'https://ossci-datasets.s3.amazonaws.com/mnist',
    'https://storage.googleapis.com/cvdf-datasets/mnist',
    'http://yann.lecun.com/exdb/mnist',
  ],
  md5: {
    'train-images-idx3-ubyte.gz': 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
    'train-labels-idx1-ubyte.gz': 'd53e105ee54ea40749a09fcbcd1e9432',
    't10k-images-idx3-ubyte.gz': '9fb629c4189551a2d022fa330f9573f3',
    't10k-labels-idx1-ubyte.gz': 'ec29112dd5afa0611ce80d1b7f02629c',
  } as Record<string, string>,
  /** Where the store remembers which data set the files gave. */
  recordKey: 'datasets/mnist/sources/official.json',
};

/** One split of its two files, plain or gzip. Fails with MalformedSource when they are not MNIST's form. */
export function readMnistSplit(
  images: { file: string; bytes: Uint8Array },
  labels: { file: string; bytes: Uint8Array },
): MnistSplit {
  const pixels = readIdx(images.file, images.bytes);
  const digits = readIdx(labels.file, labels.bytes);
  expectShape(images.file, pixels, [pixels.shape[0] ?? 0, SIDE, SIDE]);
  expectShape(labels.file, digits, [pixels.shape[0]!]);
  const wrong = digits.data.find((label) => label >= CLASSES.length);
  if (wrong !== undefined) {
    throw new Failure(
      'MalformedSource',
      `${labels.file} has the label ${wrong}, expected 0 to 9: is it MNIST?`,
    );
  }
  return { images: pixels.data, labels: digits.data };
}

function expectShape(file: string, { shape }: IdxArray, expected: number[]): void {
  if (String(shape) === String(expected)) return;
  throw new Failure(
    'MalformedSource',
    `${file} holds an array [${shape.join(', ')}], expected [${expected.join(', ')}]: images of 28×28 pixels and one ` +
      'label each; take the images and the labels of the same split.',
  );
}
