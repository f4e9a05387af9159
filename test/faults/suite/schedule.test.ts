import { expect, test } from 'vitest';
import { ALL_KINDS } from './kinds.ts';
import { schedule } from './schedule.ts';

test('a seed gives the same faults again, and another seed others', () => {
  expect(schedule(7, 50, ALL_KINDS)).toEqual(schedule(7, 50, ALL_KINDS));
  expect(schedule(8, 50, ALL_KINDS)).not.toEqual(schedule(7, 50, ALL_KINDS));
});

test('more faults begin with the same ones, so that a short suite is the head of a long one', () => {
  expect(schedule(7, 200, ALL_KINDS).slice(0, 30)).toEqual(schedule(7, 30, ALL_KINDS));
});

test('every kind comes once in each deal', () => {
  const kinds = schedule(1, 2 * ALL_KINDS.length, ALL_KINDS).map(({ kind }) => kind);
  expect(new Set(kinds.slice(0, ALL_KINDS.length)).size).toBe(ALL_KINDS.length);
  expect(new Set(kinds.slice(ALL_KINDS.length)).size).toBe(ALL_KINDS.length);
});
