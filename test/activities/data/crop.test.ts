import { expect, test } from 'vitest';
import { centreCrop } from '../../../activities/data/crop.ts';

test('the crop is rows and columns 2 to 29, with all three channels', () => {
  // A pixel says its row in red, its column in green.
  const image = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [Math.floor(pixel / 32), pixel % 32, 99][i % 3]!;
  });
  const cropped = centreCrop(image);
  expect(cropped.length).toBe(28 * 28 * 3);
  expect([...cropped.subarray(0, 6)]).toEqual([2, 2, 99, 2, 3, 99]);
  expect([...cropped.subarray(28 * 3, 28 * 3 + 3)]).toEqual([3, 2, 99]);
  expect([...cropped.subarray(-3)]).toEqual([29, 29, 99]);
});
