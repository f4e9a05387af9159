import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { DOUBLE_DOUBLE, type DoubleDouble } from '../../../activities/theory/double-double.ts';
import { RATIONAL } from '../../../activities/theory/rational.ts';

const { normal } = stream(1, 'procedural');
const anyNumber = (): DoubleDouble => {
  const high = normal() * 2 ** Math.round(20 * normal());
  return { high, low: high * 2 ** -55 * normal() * 0.1 };
};
const exactly = ({ high, low }: DoubleDouble) => RATIONAL.add(RATIONAL.of(high), RATIONAL.of(low));
const pairs = Array.from({ length: 500 }, () => [anyNumber(), anyNumber()] as const);

test.each(['add', 'subtract', 'multiply', 'divide'] as const)(
  '%s is right to 100 bits, 82 where operands may cancel',
  (operation) => {
    const errors = pairs.map(([a, b]) => {
      const right = RATIONAL[operation](exactly(a), exactly(b));
      const error = RATIONAL.toNumber(RATIONAL.subtract(exactly(DOUBLE_DOUBLE[operation](a, b)), right));
      return Math.abs(error / RATIONAL.toNumber(right));
    });
    // Twenty bits less than the 2⁻¹⁰² of an operation for sums whose operands nearly cancel.
    expect(Math.max(...errors)).toBeLessThan(
      operation === 'multiply' || operation === 'divide' ? 2 ** -100 : 2 ** -82,
    );
  },
);

test('what a float64 sum loses is kept', () => {
  const { of, add, subtract, toNumber } = DOUBLE_DOUBLE;
  expect(1 + 2 ** -90 - 1).toBe(0);
  expect(toNumber(subtract(add(of(1), of(2 ** -90)), of(1)))).toBe(2 ** -90);
});
