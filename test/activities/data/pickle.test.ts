import { expect, test } from 'vitest';
import { readPythonBatch } from '../../../activities/data/cifar10-python.ts';
import { readPickle } from '../../../activities/data/pickle.ts';
import { pixels, pythonFiles } from './archives.ts';

const batch = pythonFiles()['cifar-10-batches-py/data_batch_2']!;
const pickle = (text: string) => Buffer.from(`\x80\x02${text}`, 'latin1');

test('a batch gives its labels and its images', () => {
  const { images, labels } = readPythonBatch('data_batch_2', batch);
  expect([...labels]).toEqual([4, 5, 6, 7]);
  expect(Buffer.from(images)).toEqual(Buffer.concat([4, 5, 6, 7].map(pixels)));
});

test('a call is written down, not made: a pickle that would run a command is only data', () => {
  const read = readPickle('evil', pickle('cos\nsystem\nU\x04ls /\x85R.'));
  expect(read).toEqual({ callee: 'os.system', args: [Buffer.from('ls /')], state: null });
});

test('what was memorised is found again', () => {
  expect(readPickle('x', pickle('(K\x07q\x01h\x01t.'))).toEqual([7, 7]);
});

test('integers have their width and their sign', () => {
  expect(readPickle('x', pickle('(K\xffM\xff\xffJ\xfe\xff\xff\xfft.'))).toEqual([255, 65535, -2]);
});

test('a batch that ends too early is refused', () => {
  expect(() => readPythonBatch('data_batch_2', batch.subarray(0, 5000))).toThrow(
    'data_batch_2 ends in the middle of its pickle',
  );
});

test('an opcode that those files do not use is refused by name', () => {
  expect(() => readPickle('x', pickle('\x93.'))).toThrow('x has the pickle opcode "\x93"');
});

test('stack underflow is a malformed source, not a crash', () => {
  expect(() => readPickle('x', pickle('s.'))).toThrow('x is not a well-formed pickle');
});

test('a dictionary without pixels is refused', () => {
  expect(() => readPythonBatch('batches.meta', pickle('}.'))).toThrow(
    "batches.meta has no array 'data' of uint8 [n, 3072]",
  );
});

test('a dictionary key that is a list of lists of lists, a text of a billion parts, is refused at once', () => {
  // Each list holds the one before it twice.
  const doubled = (i: number) =>
    `(h${String.fromCharCode(i)}h${String.fromCharCode(i)}tq${String.fromCharCode(i + 1)}`;
  const key = `]q\x00${Array.from({ length: 40 }, (_, i) => doubled(i)).join('')}`;
  expect(() => readPickle('x', pickle(`}(${key}K\x01u.`))).toThrow(
    'x has a dictionary whose keys are not texts',
  );
});
