import { expect, test } from 'vitest';
import {
  meanAndDeviation,
  studentQuantile,
  studentWithin,
  wilsonPercent,
} from '../../../activities/verdicts/statistics.ts';

// Printed tables of Student's t have three or four decimals.
test.each([
  [0.975, 1, 12.7062],
  [0.975, 2, 4.3027],
  [0.95, 4, 2.1318],
  [0.975, 9, 2.2622],
  [0.995, 10, 3.1693],
  [0.975, 30, 2.0423],
])('the %d quantile of Student t with %i degrees of freedom is the printed %d', (probability, degrees, t) => {
  expect(studentQuantile(probability, degrees)).toBeCloseTo(t, 4);
});

test('with one degree of freedom t is a Cauchy variable, with two it has a closed form', () => {
  // P(|T| ≤ 1) is 1/2 for Cauchy; for two degrees t / √(2 + t²).
  expect(studentWithin(1, 1)).toBeCloseTo(0.5, 12);
  expect(studentWithin(3, 2)).toBeCloseTo(3 / Math.sqrt(11), 12);
});

test('the deviation divides by n − 1, and one value has none', () => {
  // Of 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, 26 / 2 = 13.
  expect(meanAndDeviation([2, 4, 9])).toEqual({ mean: 5, deviation: Math.sqrt(13) });
  expect(meanAndDeviation([7])).toEqual({ mean: 7, deviation: 0 });
});

test("Wilson's interval of 10 of 10 is 72.2 to 100 %, and that of 81 of 263 is 25.5 to 36.6 %", () => {
  // 10 of 10: the lower end is n / (n + z²) = 10 / 13.8415. 81 of 263 is the example of Newcombe (1998).
  const all = wilsonPercent(10, 10);
  const some = wilsonPercent(81, 263);

  expect(all[0]).toBeCloseTo(72.25, 2);
  expect(all[1]).toBeCloseTo(100, 10);
  expect(some[0]).toBeCloseTo(25.53, 2);
  expect(some[1]).toBeCloseTo(36.62, 2);
});
