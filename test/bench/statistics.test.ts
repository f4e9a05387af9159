import { expect, test } from 'vitest';
import { median, pairedRatio, quantile, quartiles } from './statistics.ts';

test('quartiles lie linearly between neighbours, whatever the order', () => {
  expect(quartiles([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25 });
});

test('one value is its own median and quarters', () => {
  expect(quartiles([7])).toEqual({ median: 7, low: 7, high: 7 });
});

test('an outlier does not move the median', () => {
  expect(median([1, 1, 1000])).toBe(1);
});

test('a quantile of nothing is refused', () => {
  expect(() => quantile([], 0.5)).toThrow('no values');
});

test('a ratio is taken within each round, so a round that is slow for both says nothing', () => {
  const slowInTheSecondRound = [[2], [20], [2]];
  expect(pairedRatio(slowInTheSecondRound, [[1], [10], [1]])).toEqual({ median: 2, low: 2, high: 2 });
});

test('a ratio tells its least and its most', () => {
  expect(pairedRatio([[1, 3, 2], [3], [4]], [[2], [2], [2]])).toEqual({ median: 1.5, low: 1, high: 2 });
});

test('rounds that do not pair are refused', () => {
  expect(() => pairedRatio([[1]], [])).toThrow('1 rounds cannot be paired with 0');
});
