/** CIFAR-10 (Krizhevsky 2009) as its author publishes it: https://www.cs.toronto.edu/~kriz/cifar.html.
 *  50,000 training images in five batches, 10,000 test images in one. */
import { Failure } from '../failure/failure.ts';
import { BYTES_PER_IMAGE, interleave, type Split } from './images.ts';

/** In the order of their labels, 0 to 9. */
export const CLASSES: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

export const TRAIN_BATCHES = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'];
export const TEST_BATCH = 'test_batch';

/** The official archive in both of its forms: either gives the same data set, and the digest makes every mirror as
 *  good as the first. */
export const OFFICIAL = {
  mirrors: [
    'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
    'https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz',
    'https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/cifar-10-binary.tar.gz',
    'https://dataset.bj.bcebos.com/cifar/cifar-10-python.tar.gz',
  ],
  md5: {
    'cifar-10-binary.tar.gz': 'c32a1d4ab5d03f1284b67883e8d87530',
    'cifar-10-python.tar.gz': 'c58f30108f718f92721af3b95e74349a',
  } as Record<string, string>,
  /** Where the store remembers which data set the archive gave. */
  recordKey: 'datasets/cifar10/sources/official.json',
};

const RECORD_BYTES = 1 + BYTES_PER_IMAGE;

/** Reads the records of a binary batch: a label byte, then 1,024 bytes of red, of green and of blue, row by row. */
export function readBinaryBatch(file: string, bytes: Uint8Array): Split {
  if (bytes.length === 0 || bytes.length % RECORD_BYTES !== 0) {
    throw new Failure(
      'MalformedSource',
      `${file} has ${bytes.length} bytes, expected a multiple of ${RECORD_BYTES} (a label and 32×32×3 pixels): ` +
        'fetch the archive again.',
    );
  }
  const n = bytes.length / RECORD_BYTES;
  const split = { images: new Uint8Array(n * BYTES_PER_IMAGE), labels: new Uint8Array(n) };
  for (let i = 0; i < n; i++) {
    const record = bytes.subarray(i * RECORD_BYTES, (i + 1) * RECORD_BYTES);
    split.labels[i] = checkLabel(file, record[0]!);
    interleave(record.subarray(1), split.images.subarray(i * BYTES_PER_IMAGE));
  }
  return split;
}

/** A label between 0 and 9, as it is. */
export function checkLabel(file: string, label: number): number {
  if (CLASSES[label]) return label;
  throw new Failure(
    'MalformedSource',
    `${file} has an image with label ${label}, expected 0 to 9: is it CIFAR-10?`,
  );
}
