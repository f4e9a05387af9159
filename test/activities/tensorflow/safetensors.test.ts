import { expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../activities/tensorflow/safetensors.ts';

const ARRAYS = {
  b: { shape: [2], data: Float32Array.of(1, -2) },
  'a/kernel': { shape: [1, 3], data: Float32Array.of(0.1, 0.2, 0.3) },
  empty: { shape: [0], data: new Float32Array(0) },
};

test('a file gives back the arrays and the metadata it was made of', () => {
  const file = encodeSafetensors(ARRAYS, { step: '12' });
  expect(decodeSafetensors(file)).toEqual({ arrays: ARRAYS, metadata: { step: '12' } });
});

test('the file is the published layout: length, JSON padded to eight bytes, arrays in order of name', () => {
  const file = encodeSafetensors({ b: ARRAYS.b, a: { shape: [], data: Float32Array.of(3) } }, {});
  const header =
    '{"__metadata__":{},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},' +
    '"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  expect(Number(file.readBigUInt64LE())).toBe(padded.length);
  expect(file.toString('latin1', 8, 8 + padded.length)).toBe(padded);
  expect([...new Float32Array(new Uint8Array(file.subarray(8 + padded.length)).buffer)]).toEqual([3, 1, -2]);
});

test('the order in which arrays are given does not change the bytes', () => {
  const { b, ...rest } = ARRAYS;
  expect(encodeSafetensors({ ...rest, b }, { x: '1', y: '2' })).toEqual(
    encodeSafetensors({ b, ...rest }, { y: '2', x: '1' }),
  );
});

test.each([
  ['no bytes', new Uint8Array()],
  ['a file cut in its header', encodeSafetensors(ARRAYS, {}).subarray(0, 40)],
  ['something else', new TextEncoder().encode('<html>not found, and long enough</html>')],
])('%s fail with ObjectDamaged', (_, bytes) => {
  expect(() => decodeSafetensors(bytes)).toThrow(
    expect.objectContaining({
      type: 'ObjectDamaged',
      message: expect.stringContaining('its header cannot be read'),
    }),
  );
});

test('a file cut in an array fails with ObjectDamaged, and the message names the array and both sizes', () => {
  const file = encodeSafetensors(ARRAYS, {});
  expect(() => decodeSafetensors(file.subarray(0, file.length - 5))).toThrow(
    expect.objectContaining({
      type: 'ObjectDamaged',
      message: expect.stringMatching(/array b \[2\] has 3 bytes, expected 8/),
    }),
  );
});
