import { expect, test } from 'vitest';
import { threefry } from '../../../activities/random/threefry.ts';

// The known-answer vectors of Random123, the authors' own implementation (kat_vectors, threefry2x32 20).

function block(key: [number, number], counter: [number, number]): string[] {
  const out = new Uint32Array(2);
  threefry(key[0], key[1], counter[0], counter[1], out);
  return [...out].map((word) => word.toString(16).padStart(8, '0'));
}

test('key and counter of zeros give the published block', () => {
  expect(block([0, 0], [0, 0])).toEqual(['6b200159', '99ba4efe']);
});

test('key and counter of ones give the published block', () => {
  const ones = 0xffff_ffff;
  expect(block([ones, ones], [ones, ones])).toEqual(['1cb996fc', 'bb002be7']);
});

test('the digits of pi give the published block', () => {
  expect(block([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual(['c4923a9c', '483df7a0']);
});
