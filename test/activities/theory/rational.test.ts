import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { fraction, RATIONAL } from '../../../activities/theory/rational.ts';

const { of, add, subtract, multiply, divide, sign, toNumber } = RATIONAL;
const { normal } = stream(1, 'procedural');
const anyNumber = () => normal() * 2 ** Math.round(200 * normal());

test.each([0, 1, -1, 0.1, -255, 2 ** 53 - 1, 2 ** 60, -1.5e300, 2 ** -1074, -(2 ** -1050), Number.MAX_VALUE])(
  '%d is a fraction that is the same float64 again',
  (value) => {
    expect(toNumber(of(value))).toBe(value);
  },
);

test('0.1 is the dyadic fraction next to a tenth', () => {
  expect(of(0.1)).toEqual({ numerator: 3602879701896397n, denominator: 2n ** 55n });
});

test('fractions are in lowest terms with a positive denominator', () => {
  expect(fraction(6n * 10n ** 30n, -4n * 10n ** 30n)).toEqual({ numerator: -3n, denominator: 2n });
  expect(fraction(0n, 7n * 10n ** 30n)).toEqual({ numerator: 0n, denominator: 1n });
});

test('a sum, a product and a quotient can be undone, where floats lose digits', () => {
  const numbers = Array.from({ length: 200 }, () => [of(anyNumber()), of(anyNumber())] as const);
  const undone = numbers.map(([a, b]) => [subtract(add(a, b), b), divide(multiply(a, b), b)]);
  expect(undone).toEqual(numbers.map(([a]) => [a, a]));
});

test('a third is rounded to the nearest float64, on both sides of 0 and at any size', () => {
  const thirds = [1, -1, 2 ** 300, 2 ** -900].map((scale) => toNumber(divide(of(scale), of(3))));
  expect(thirds).toEqual([1 / 3, -1 / 3, 2 ** 300 / 3, 2 ** -900 / 3]);
});

test('half-way cases go to the even neighbour, and the least bit beyond them decides', () => {
  const half = divide(of(1), of(2 ** 53)); // half a unit in the last place of 1
  const beyond = divide(of(1), multiply(of(2 ** 60), of(2 ** 60)));
  expect(toNumber(add(of(1), half))).toBe(1);
  expect(toNumber(add(add(of(1), half), beyond))).toBe(1 + 2 ** -52);
  expect(toNumber(subtract(of(-1), add(half, beyond)))).toBe(-1 - 2 ** -52);
});

test('sign tells numbers from 0 that no float64 does', () => {
  const tiny = multiply(of(2 ** -1000), of(2 ** -1000));
  expect([tiny, subtract(of(0), tiny), of(0)].map(sign)).toEqual([1, -1, 0]);
});
