/** CIFAR-10 out of an archive in any of its forms, recognised by the files inside. */
import { setImmediate } from 'node:timers/promises';
import type { SourceForm } from '../../contract.ts';
import { Failure } from '../../failure/failure.ts';
import { CLASSES, readBinaryBatch, TEST_BATCH, TRAIN_BATCHES } from '../cifar10.ts';
import { readPythonBatch } from '../cifar10-python.ts';
import { type FolderImage, isFolderImage, readFolderImage } from '../folders.ts';
import { type Dataset, joinSplits, type Split } from '../images.ts';
import { FOLDER_IMAGES } from '../limits.ts';
import { type Member, membersOf } from './archive.ts';

const BATCH = /(?:^|\/)(data_batch_[1-5]|test_batch)(\.bin)?$/;

const DECODED_AT_ONCE = 32; // keeps the threads of the decoder busy

interface Found {
  batches: Map<string, Split>;
  images: FolderImage[];
  forms: Set<SourceForm>;
}

/** Reads a whole archive; `name` is what errors call it, `onProgress` hears how many images there are so far.
 *  Fails with MalformedSource. */
export async function readArchive(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  onProgress: (images: number) => void,
): Promise<{ form: SourceForm; dataset: Dataset }> {
  const found: Found = { batches: new Map(), images: [], forms: new Set() };
  let undecoded: Member[] = [];
  const decodeImages = async () => {
    const images = await Promise.all(undecoded.map(({ path, bytes }) => readFolderImage(path, bytes)));
    undecoded = [];
    for (const image of images) found.forms.add(`folders-${image.format}`);
    found.images.push(...images);
    if (found.images.length > FOLDER_IMAGES) {
      throw new Failure(
        'MalformedSource',
        `${name} holds more than ${FOLDER_IMAGES} images, expected CIFAR-10's 60,000: is it the right archive?`,
      );
    }
    onProgress(found.images.length);
  };

  for await (const member of membersOf(name, chunks, (path) => BATCH.test(path) || isFolderImage(path))) {
    const batch = BATCH.exec(member.path);
    if (batch) {
      const [, id, binary] = batch;
      const split = (binary ? readBinaryBatch : readPythonBatch)(member.path, member.bytes);
      found.batches.set(id!, split);
      found.forms.add(binary ? 'binary' : 'python');
      onProgress([...found.batches.values()].reduce((sum, { labels }) => sum + labels.length, 0));
      await setImmediate();
    } else {
      undecoded.push(member);
      if (undecoded.length === DECODED_AT_ONCE) await decodeImages();
    }
  }
  await decodeImages();

  if (found.forms.has('folders-jpeg')) found.forms.delete('folders-png'); // one lossy image stamps them all
  const [form, ...others] = found.forms;
  if (!form) {
    throw new Failure(
      'MalformedSource',
      `${name} holds no CIFAR-10: expected data_batch_1.bin … test_batch.bin, data_batch_1 … test_batch, or ` +
        'train/<class>/… and test/<class>/… with PNG or JPEG images.',
    );
  }
  if (others.length > 0) {
    throw new Failure(
      'MalformedSource',
      `${name} holds several forms (${[form, ...others].join(', ')}): expected one.`,
    );
  }
  const dataset = found.images.length > 0 ? fromImages(name, found.images) : fromBatches(name, found.batches);
  return { form, dataset };
}

function fromBatches(name: string, batches: Map<string, Split>): Dataset {
  const missing = [...TRAIN_BATCHES, TEST_BATCH].filter((batch) => !batches.has(batch));
  if (missing.length > 0) {
    throw new Failure('MalformedSource', `${name} has no ${missing.join(', ')}: fetch the whole archive.`);
  }
  return {
    train: joinSplits(TRAIN_BATCHES.map((batch) => batches.get(batch)!)),
    test: batches.get(TEST_BATCH)!,
  };
}

function fromImages(name: string, images: FolderImage[]): Dataset {
  const splitOf = (split: 'train' | 'test'): Split => {
    const own = images.filter((image) => image.split === split);
    const missing = CLASSES.filter((_, label) => !own.some((image) => image.label === label));
    if (missing.length > 0) {
      throw new Failure(
        'MalformedSource',
        `${name} has no ${split} images of ${missing.join(', ')}: expected a folder ${split}/<class> for each of the ten classes.`,
      );
    }
    return {
      images: Buffer.concat(own.map(({ pixels }) => pixels)),
      labels: Uint8Array.from(own.map(({ label }) => label)),
    };
  };
  return { train: splitOf('train'), test: splitOf('test') };
}
