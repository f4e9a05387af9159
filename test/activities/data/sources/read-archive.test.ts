import { expect, test } from 'vitest';
import { readArchive } from '../../../../activities/data/sources/read-archive.ts';
import {
  binaryFiles,
  encodeImage,
  folderFiles,
  pixels,
  pythonFiles,
  tar,
  tarGz,
  uniformFolders,
} from '../archives.ts';

async function* chunks(bytes: Buffer) {
  yield bytes;
}

const read = (archive: Buffer) => readArchive('cifar.tar', chunks(archive), () => {});
const without = (files: Record<string, Buffer>, part: string) =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !path.includes(part)));

test('the binary archive gives its batches in order', async () => {
  const { form, dataset } = await read(tarGz(binaryFiles()));
  expect(form).toBe('binary');
  expect([...dataset.train.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...dataset.test.labels]).toEqual([0, 1, 2, 3]);
  expect(Buffer.from(dataset.train.images.subarray(19 * 3072))).toEqual(pixels(19));
});

test('the python archive gives the same as the binary one', async () => {
  const binary = await read(tarGz(binaryFiles()));
  const python = await read(
    tarGz({ ...pythonFiles(), 'cifar-10-batches-py/batches.meta': Buffer.from('x') }),
  );
  expect(python.form).toBe('python');
  expect(python.dataset).toEqual(binary.dataset);
});

test('class folders with PNG files give the same images, in the order of the archive', async () => {
  const files = await folderFiles();
  // The small archive has four test images; the other classes are added.
  for (const [path, bytes] of Object.entries(await uniformFolders('png'))) {
    if (path.startsWith('test/')) files[path] = bytes;
  }
  const { form, dataset } = await read(tar(files));
  expect(form).toBe('folders-png');
  expect(Buffer.from(dataset.train.images.subarray(0, 3072))).toEqual(pixels(0));
  expect(dataset.test.labels.length).toBe(14);
});

test('one JPEG among PNG files stamps the whole data set', async () => {
  const files = await uniformFolders('png');
  files['train/frog/0002.jpg'] = await encodeImage(Buffer.alloc(3072, 60), 'jpeg');
  expect((await read(tar(files))).form).toBe('folders-jpeg');
});

test('a missing batch is named', async () => {
  await expect(read(tarGz(without(binaryFiles(), 'data_batch_3')))).rejects.toThrow(
    'cifar.tar has no data_batch_3: fetch the whole archive.',
  );
});

test('a missing class is named with its split', async () => {
  await expect(read(tar(without(await uniformFolders('png'), 'test/frog')))).rejects.toThrow(
    'cifar.tar has no test images of frog: expected a folder test/<class>',
  );
});

test('an archive of something else is told what is expected', async () => {
  await expect(read(tar({ 'README.md': Buffer.from('hello') }))).rejects.toThrow(
    'cifar.tar holds no CIFAR-10: expected data_batch_1.bin',
  );
});

test('an archive with two forms is refused', async () => {
  await expect(read(tar({ ...binaryFiles(), ...pythonFiles() }))).rejects.toThrow(
    'cifar.tar holds several forms (binary, python): expected one.',
  );
});
