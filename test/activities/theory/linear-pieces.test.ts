import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { linearPieces } from '../../../activities/theory/linear-pieces.ts';

const { normal } = stream(1, 'procedural');
const b = Float64Array.from({ length: 40 }, normal).sort();
const w = Float64Array.from({ length: 40 }, normal);

test('before, at, between and behind the kinks it is the sum of the hinges', () => {
  const network = linearPieces(b, w);
  const places = [b[0]! - 1, ...b, ...b.map((bias) => bias + 0.01), b[39]! + 5];
  for (const x of places) {
    const sum = w.reduce((total, weight, j) => total + weight * Math.max(x - b[j]!, 0), 0);
    expect(network(x)).toBeCloseTo(sum, 11); // 40 terms of some units
  }
});

test('slopes that cancel leave what double-double keeps', () => {
  const network = linearPieces(Float64Array.of(0, 1, 2), Float64Array.of(1e17, 1 - 1e17, 1));
  expect(network(3)).toBe(1e17 + 3); // in float64 1 − 1e17 is −1e17
});
