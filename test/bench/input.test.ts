import { expect, test } from 'vitest';
import { benchInput, decodeBenchInput } from './input.ts';

const input = decodeBenchInput(benchInput('inception'));

test('every image comes once in sixteen batches, and then again', () => {
  const epoch = Array.from({ length: 16 }, (_, number) => [...input.batch(number)]).flat();
  expect(new Set(epoch).size).toBe(2048);
  expect(input.batch(16)).toEqual(input.batch(0));
});

test('labels are classes', () => {
  expect(new Set(input.labels)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});

test('every batch norm has statistics', () => {
  const shifts = Object.keys(input.weights).filter((name) => name.endsWith('/shift'));
  expect(Object.keys(input.statistics)).toHaveLength(2 * shifts.length);
});
