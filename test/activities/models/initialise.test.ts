import { expect, test } from 'vitest';
import { initialise } from '../../../activities/models/initialise.ts';
import { network } from '../../../activities/models/network.ts';

test("kernels have He's variance, 2 / fan-in, for filters and for matrices", () => {
  const weights = initialise(network('alexnet').variables, 1);
  const variance = (name: string) => {
    const { data } = weights[name]!;
    return data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
  };
  // The variance of n normal draws scatters by √(2 / n): 1.4 % for the smaller kernel of 5·5·3·64; four times that.
  expect(variance('conv-1/kernel') / (2 / (5 * 5 * 3))).toBeCloseTo(1, 1);
  expect(variance('dense-1/kernel') / (2 / 3136)).toBeCloseTo(1, 2);
});

test('biases and shifts start at nothing', () => {
  const weights = initialise(network('inception').variables, 1);
  expect(weights['conv-1/shift']!.data.every((value) => value === 0)).toBe(true);
  expect(weights['linear/bias']!.data.every((value) => value === 0)).toBe(true);
});

test('the same seed gives the same weights, another one others', () => {
  const { variables } = network('mlp-1x512');
  const first = (seed: number) => initialise(variables, seed)['linear/kernel']!.data.slice(0, 4);
  expect(first(7)).toEqual(first(7));
  expect(first(8)).not.toEqual(first(7));
});

test('no two variables share their random numbers', () => {
  const weights = initialise(network('mlp-3x512').variables, 1);
  expect(weights['dense-2/kernel']!.data.slice(0, 4)).not.toEqual(
    weights['dense-3/kernel']!.data.slice(0, 4),
  );
});
