import { expect, test } from 'vitest';
import { partsOf } from '../../../../activities/data/imagenet/parts.ts';

const files = (...paths: string[]) => paths.map((path) => ({ path, bytes: 1, version: '' }));
const partsIn = (...paths: string[]) =>
  partsOf('/data', files(...paths)).map(
    (part) => `${part.split} ${part.label} ${part.files.map(({ path }) => path).join(' ')}`,
  );

test('shards are known by the split in their names, in the usual spellings', () => {
  expect(
    partsIn(
      'train-000000.tar',
      'a/imagenet1k-validation-00.tar',
      'https://train.example/val/shard-0.tar',
      'train/000.tar',
      'train.tar',
      'imagenet_train_7.tar',
      'training-notes.tar',
      'train-000000.idx',
    ),
  ).toEqual([
    'train null train-000000.tar',
    'test null a/imagenet1k-validation-00.tar',
    'test null https://train.example/val/shard-0.tar',
    'train null train/000.tar',
    'train null train.tar',
    'train null imagenet_train_7.tar',
  ]);
});

test('class folders are numbered by their names, their images sorted', () => {
  expect(
    partsIn(
      'ILSVRC/train/n02/b.JPEG',
      'ILSVRC/train/n02/a.JPEG',
      'ILSVRC/train/n01/c.jpg',
      'ILSVRC/train/n01/.hidden.jpg',
      'ILSVRC/train/n01/notes.txt',
      'ILSVRC/val/n02/d.JPEG',
    ),
  ).toEqual([
    'train 1 ILSVRC/train/n02/a.JPEG ILSVRC/train/n02/b.JPEG',
    'train 0 ILSVRC/train/n01/c.jpg',
    'test 1 ILSVRC/val/n02/d.JPEG',
  ]);
});

test.each([
  [[], '/data has no tar shards and no class folders with JPEG images, and no train and no test images'],
  [
    ['train-0.tar'],
    '/data has 1 tar shard and no class folders with JPEG images, and no test images: expected either',
  ],
  [
    ['train-0.tar', 'val-0.tar', 'train/n1/a.jpg'],
    '/data has 2 tar shards and 1 class folder with JPEG images: expected either',
  ],
  [['train/n1/a.jpg', 'val/a.jpg'], 'and no test images'],
  [
    ['train/n1/a.jpg', 'val/n2/a.jpg'],
    '/data has a folder val/n2 and none train/n2: expected the same classes in both',
  ],
])('%j is refused', (paths, sentence) => {
  expect(() => partsIn(...paths)).toThrow(sentence);
});
