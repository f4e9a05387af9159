import { expect, test } from 'vitest';
import { sampleOf } from '../../../activities/theory/sample.ts';
import { findDifferent, separate } from '../../../activities/theory/separation.ts';

test('projections are sorted, every point knows its place, and further points with a projection name the first', () => {
  const { x, rank, first, tied } = separate(Float64Array.of(5, -1, 3, 5, 3, 5));
  expect([...x]).toEqual([-1, 3, 5]);
  expect([...rank]).toEqual([2, 0, 1, 2, 1, 2]);
  expect([...first]).toEqual([1, 2, 0]);
  expect(tied).toEqual([
    [0, 3],
    [2, 4],
    [0, 5],
  ]);
});

test('0 and −0 are one projection', () => {
  expect([...separate(Float64Array.of(0, -0)).x]).toHaveLength(1);
});

test('neighbouring float64 are two projections', () => {
  expect(separate(Float64Array.of(1, 1 + Number.EPSILON)).tied).toEqual([]);
});

test('pairs are told apart by their coordinates, the last one too', async () => {
  const sample = sampleOf(Uint8Array.of(1, 2, 3, 9, 9, 9, 1, 2, 3, 1, 2, 4), 3);
  expect(await findDifferent(sample, [[0, 2]])).toBeNull();
  expect(
    await findDifferent(sample, [
      [0, 2],
      [0, 3],
    ]),
  ).toEqual([0, 3]);
});

test('points too large to be held together are compared in several readings', async () => {
  const d = 2 ** 24; // two fit
  let readings = 0;
  const points = [0, 1, 2, 0, 1, 3].map((value) => new Uint8Array(d).fill(value));
  const sample = {
    n: points.length,
    d,
    largest: 255,
    whole: true,
    *blocks() {
      readings++;
      yield* points;
    },
  };
  const pairs: [number, number][] = [
    [0, 3],
    [1, 4],
    [2, 5],
  ];
  expect(await findDifferent(sample, pairs)).toEqual([2, 5]);
  expect(readings).toBe(2);
});
