import { expect, test } from 'vitest';
import { canonicalJson, contentId, sha256 } from '../../../activities/identity/identity.ts';

test('canonical JSON sorts keys at every depth, keeps the order of arrays and drops undefined', () => {
  const value = { b: [{ d: 1, c: null }, 2], a: undefined, B: 'x' };

  expect(canonicalJson(value)).toBe('{"B":"x","b":[{"c":null,"d":1},2]}');
});

test('SHA-256 of "abc" is the published test vector (FIPS 180-2, B.1)', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256(Buffer.from('abc'))).toBe(sha256('abc'));
});

test('the id of a value is the first 20 digits of the digest of its canonical JSON, in any order of fields', () => {
  // sha256sum of {"a":1,"b":2}
  expect(contentId({ b: 2, a: 1 })).toBe('43258cff783fe7036d8a');
  expect(contentId({ a: 1, b: 2 })).toBe(contentId({ b: 2, a: 1 }));
});
