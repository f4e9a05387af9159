import { expect, test } from 'vitest';
import { start } from '../../../activities/kernel/conjugate-gradients.ts';
import { oneVsAll } from '../../../activities/kernel/labels.ts';
import { decodeIterate, encodeIterate } from '../../../activities/kernel/saved-iterate.ts';

const y = oneVsAll([3, 1, 4]);
const first = start({ y, m: 10 });

test('an iterate comes back as it was, bit for bit, with and without a direction', () => {
  const later = {
    ...first,
    iteration: 17,
    alpha: y.map((value, i) => value / 3 + i),
    exact: false,
    direction: y.map((value, i) => value * Math.PI ** i),
    energy: first.energy.map((_, c) => 1e-300 * c),
    goal: 3.2e-7,
  };
  for (const state of [first, later]) {
    expect(decodeIterate(encodeIterate({ state, seconds: 12.5 }))).toEqual({ state, seconds: 12.5 });
  }
});
