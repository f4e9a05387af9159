import { expect, test } from 'vitest';
import { callPace } from '../../worker/pace.ts';

const steps = (count: number) => ({ kind: 'steps', step: count, losses: new Float32Array(count) }) as const;

test('a call grows to a quarter of a second, doubling at most, and shrinks at once', () => {
  const pace = callPace();
  const taken = [];
  for (let call = 0; call < 6; call++) {
    const count = pace.stepsACall();
    taken.push(count);
    pace.see(steps(count), 25 * count);
  }
  expect(taken).toEqual([1, 2, 4, 8, 10, 10]);
  pace.see(steps(10), 2500);
  expect(pace.stepsACall()).toBe(1);
});
