import { expect, test } from 'vitest';
import { allocateNpy, decodeNpy, encodeNpy } from '../../../activities/data/npy.ts';

// Written by NumPy 2: np.save(f, np.array([[1.5, -2], [0, 3e38]], dtype='<f4')), as hexadecimal digits.
const BY_NUMPY =
  '934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c20277368' +
  `617065273a2028322c2032292c207d${'20'.repeat(58)}0a` +
  '0000c03f000000c000000000e6b1617f';

test('a float32 array is written as NumPy writes it, byte for byte', () => {
  const file = encodeNpy('float32', [2, 2], [1.5, -2, 0, 3e38]);
  expect(file.toString('hex')).toBe(BY_NUMPY);
});

test("NumPy's file is read back with its shape and its numbers", () => {
  const { shape, data } = decodeNpy(Buffer.from(BY_NUMPY, 'hex'), 'float32');
  expect(shape).toEqual([2, 2]);
  expect([...data]).toEqual([1.5, -2, 0, Math.fround(3e38)]);
});

test('a vector has the shape (n,), which is how Python writes a tuple of one', () => {
  const file = encodeNpy('uint8', [3], [1, 2, 255]);
  expect(file.toString('latin1')).toContain("'shape': (3,), }");
  expect([...decodeNpy(file, 'uint8').data]).toEqual([1, 2, 255]);
});

test('float64 and int32 survive the way there and back', () => {
  const floats = [Math.PI, -0, 5e-324];
  const integers = [-(2 ** 31), 2 ** 31 - 1];
  expect([...decodeNpy(encodeNpy('float64', [3], floats), 'float64').data]).toEqual(floats);
  expect([...decodeNpy(encodeNpy('int32', [2], integers), 'int32').data]).toEqual(integers);
});

test('an array that lies at an odd place in memory is read all the same', () => {
  const file = encodeNpy('float32', [2], [1.5, 2.5]);
  const shifted = Buffer.concat([Buffer.from([0]), file]).subarray(1);
  expect([...decodeNpy(shifted, 'float32').data]).toEqual([1.5, 2.5]);
});

test('an array is filled in its place inside the file', () => {
  const { bytes, data } = allocateNpy('uint8', [2, 2]);
  data.set([1, 2, 3, 4]);
  expect([...bytes.subarray(-4)]).toEqual([1, 2, 3, 4]);
});

test('the data begins at a multiple of 64 bytes, however long the shape', () => {
  const starts = [[1], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]].map(
    (shape) => encodeNpy('uint8', shape, [0]).length - 1,
  );
  expect(starts).toEqual([128, 128]);
});

test('other element types, truncated files and other files are refused', () => {
  const file = encodeNpy('float32', [4], [1, 2, 3, 4]);
  expect(() => decodeNpy(file, 'float64')).toThrow(/'<f4'.*float64 elements/);
  expect(() => decodeNpy(file.subarray(0, -1), 'float32')).toThrow('The array [4] has 15 bytes of data');
  expect(() => decodeNpy(Buffer.from('PK'), 'float32')).toThrow('do not begin as an npy file');
});
