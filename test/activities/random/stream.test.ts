import { expect, test } from 'vitest';
import { permutation, stream } from '../../../activities/random/stream.ts';

const take = (n: number, draw: () => number) => Array.from({ length: n }, draw);

test('the same seed, purpose and index give the same numbers', () => {
  const one = take(10, stream(7, 'batch-order', 3).uint32);
  const other = take(10, stream(7, 'batch-order', 3).uint32);
  expect(other).toEqual(one);
});

test('another seed, another purpose and another index each give other numbers', () => {
  const first = stream(7, 'batch-order', 3).uint32();
  const others = [
    stream(8, 'batch-order', 3),
    stream(7, 'initialisation', 3),
    stream(7, 'batch-order', 4),
  ].map((other) => other.uint32());
  expect(others).not.toContain(first);
});

test('the first numbers never change', () => {
  // A golden value: every stored result depends on it.
  expect(take(3, stream(1, 'initialisation').uint32)).toEqual([3048514030, 14576517, 3606183818]);
});

test('a stream entered at its k-th place goes on as if it had been replayed', () => {
  const numbers = take(12, stream(7, 'label-corruption').uint32);
  const entered = [4, 7].map((position) => take(5, stream(7, 'label-corruption').at(position).uint32));
  expect(entered).toEqual([numbers.slice(4, 9), numbers.slice(7, 12)]);
});

test('below(n) takes every value equally often, also where n does not divide 2³²', () => {
  const n = 7;
  const draws = 70_000;
  const counts = new Array<number>(n).fill(0);
  const { below } = stream(1, 'procedural');
  for (let i = 0; i < draws; i++) counts[below(n)]!++;
  const expected = draws / n;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(22.46); // 99.9 % point for six degrees of freedom
});

test('below(n) throws the incomplete last round away: n = 3·2³⁰ never folds its top quarter back', () => {
  const n = 3 * 2 ** 30;
  const draws = 30_000;
  const { below } = stream(1, 'procedural');
  const low = take(draws, () => below(n)).filter((drawn) => drawn < 2 ** 30).length;
  // A third of the draws; one half if the top quarter of 2³² were folded back. sd = 82.
  expect(Math.abs(low - draws / 3)).toBeLessThan(4 * 82);
});

test('uniform lies in [0, 1) with mean 1/2 and variance 1/12', () => {
  const n = 100_000;
  const draws = take(n, stream(1, 'procedural').uniform);
  const mean = draws.reduce((sum, u) => sum + u, 0) / n;
  const variance = draws.reduce((sum, u) => sum + (u - mean) ** 2, 0) / n;
  expect(Math.min(...draws.slice(0, 10_000))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draws.slice(0, 10_000))).toBeLessThan(1);
  expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
});

test('normal has mean 0, variance 1, kurtosis 3 and uncorrelated neighbours', () => {
  const n = 200_000;
  const draws = take(n, stream(1, 'train-gaussian-pixels').normal);
  const moment = (k: number) => draws.reduce((sum, x) => sum + x ** k, 0) / n;
  const neighbours = draws.reduce((sum, x, i) => sum + x * (draws[i + 1] ?? 0), 0) / n;
  // Four standard deviations: var(x) = 1, var(x²) = 2, var(x⁴) = 96, var(x·x') = 1.
  expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  expect(Math.abs(neighbours)).toBeLessThan(4 * Math.sqrt(1 / n));
});

test('a permutation holds every number once', () => {
  const order = permutation(1000, stream(1, 'batch-order'));
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});

test('all six permutations of three are equally likely', () => {
  const counts = new Map<string, number>();
  for (let index = 0; index < 6000; index++) {
    const order = permutation(3, stream(1, 'batch-order', index)).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(counts.size).toBe(6);
  expect(chiSquare).toBeLessThan(20.52); // 99.9 % point for five degrees of freedom
});
