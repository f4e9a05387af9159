/** Small archives of CIFAR-10 in its forms, made by the tests. */
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { Header } from 'tar';
import { CLASSES } from '../../../activities/data/cifar10.ts';

type Files = Record<string, Buffer>;

/** A tar archive; the two blocks of zeros at its end say that it is whole. */
export function tar(files: Files): Buffer {
  const blocks = Object.entries(files).flatMap(([path, bytes]) => {
    const header = new Header({ path, size: bytes.length, type: 'File', mode: 0o644, mtime: new Date(0) });
    header.encode();
    return [header.block!, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const tarGz = (files: Files) => gzipSync(tar(files));

/** Image number `i` as its file has it: the colour planes, red then green then blue, 3,072 bytes that no other
 *  number has. */
export function planes(i: number): Buffer {
  return Buffer.from(
    Uint8Array.from({ length: 3072 }, (_, at) => (Math.floor(at / 1024) * 60 + (at % 32) * 3 + i * 7) % 256),
  );
}

/** The same image as it is stored: rows, columns, channels. */
export function pixels(i: number): Buffer {
  const image = planes(i);
  return Buffer.from(
    Uint8Array.from({ length: 3072 }, (_, at) => image[(at % 3) * 1024 + Math.floor(at / 3)]!),
  );
}

const BATCHES = [
  'data_batch_1',
  'data_batch_2',
  'data_batch_3',
  'data_batch_4',
  'data_batch_5',
  'test_batch',
];
const IMAGES_PER_BATCH = 4;

/** Numbers and labels of the images of a batch: 20 training images and four test images in all. */
function imagesOf(batch: string): { i: number; label: number }[] {
  const first = BATCHES.indexOf(batch) * IMAGES_PER_BATCH;
  return Array.from({ length: IMAGES_PER_BATCH }, (_, k) => ({ i: first + k, label: (first + k) % 10 }));
}

export function binaryFiles(): Files {
  return Object.fromEntries(
    BATCHES.map((batch) => [
      `cifar-10-batches-bin/${batch}.bin`,
      Buffer.concat(imagesOf(batch).flatMap(({ i, label }) => [Buffer.from([label]), planes(i)])),
    ]),
  );
}

export function pythonFiles(): Files {
  return Object.fromEntries(
    BATCHES.map((batch) => [`cifar-10-batches-py/${batch}`, pickledBatch(imagesOf(batch))]),
  );
}

/** The same images as PNG files in class folders. */
export async function folderFiles(): Promise<Files> {
  const files: Files = {};
  for (const batch of BATCHES) {
    for (const { i, label } of imagesOf(batch)) {
      const split = batch === 'test_batch' ? 'test' : 'train';
      files[`cifar10/${split}/${CLASSES[label]}/${i}.png`] = await encodeImage(pixels(i), 'png');
    }
  }
  return files;
}

/** Folders with one image of each class and split, of one colour: 10 × label. */
export async function uniformFolders(format: 'png' | 'jpeg'): Promise<Files> {
  const files: Files = {};
  for (const [label, name] of CLASSES.entries()) {
    const image = await encodeImage(Buffer.alloc(3072, 10 * label), format);
    files[`train/${name}/0001.${format}`] = image;
    files[`test/${name}/0001.${format}`] = image;
  }
  return files;
}

export function encodeImage(rgb: Buffer, format: 'png' | 'jpeg', width = 32): Promise<Buffer> {
  const raw = { width, height: rgb.length / 3 / width, channels: 3 } as const;
  return sharp(rgb, { raw }).toFormat(format).toBuffer();
}

/** A batch as Python 2 pickled it (protocol 2), opcode by opcode. */
function pickledBatch(images: { i: number; label: number }[]): Buffer {
  const rows = Buffer.alloc(2);
  rows.writeUInt16LE(images.length);
  const data = Buffer.concat(images.map(({ i }) => planes(i)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  const minusOne = '\xff\xff\xff\xff';
  return Buffer.concat([
    latin('\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x15training batch 1 of 5q\x03U\x06labelsq\x04]q\x05('),
    latin(images.map(({ label }) => `K${String.fromCharCode(label)}`).join('')),
    latin(
      'eU\x04dataq\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85U\x01b\x87Rq\x09(',
    ),
    Buffer.concat([
      latin('K\x01M'),
      rows,
      latin('M\x00\x0c\x86cnumpy\ndtype\nq\x0aU\x02u1K\x00K\x01\x87Rq\x0b('),
    ]),
    latin(`K\x03U\x01|NNNJ${minusOne}J${minusOne}K\x00tb\x89T`),
    Buffer.concat([length, data, latin('tbU\x09filenamesq\x0c]q\x0d(')]),
    latin(`${images.map(({ i }) => `U\x06${String(i).padStart(2, '0')}.png`).join('')}eu.`),
  ]);
}

const latin = (text: string) => Buffer.from(text, 'latin1');
