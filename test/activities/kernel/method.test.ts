import { expect, test } from 'vitest';
import { bytesOf, methodFor, methodsFor } from '../../../activities/kernel/method.ts';

const MNIST = { n: 60_000, d: 784 };
const GB = 1e9;
const kinds = (size: typeof MNIST, available: number) => {
  const { preconditioner, product } = methodFor(size, available);
  return [preconditioner.kind, product];
};

test('two half float32 matrices of 60,000 points are 14.9 GB, and with what else a Cholesky solve holds 17', () => {
  const cholesky = { preconditioner: { kind: 'cholesky' }, product: 'float32' } as const;
  const blocks = 2 * 4 * ((60_000 * (60_000 + 2048)) / 2);
  expect(blocks / GB).toBeCloseTo(14.9, 1);
  expect(bytesOf(cholesky, MNIST) / GB).toBeGreaterThan(16);
  expect(bytesOf(cholesky, MNIST) / GB).toBeLessThan(18);
});

test('so many points are solved with landmarks, in 20 GB by far, and with nothing kept where 10 GB are not free', () => {
  expect(bytesOf(methodFor(MNIST, 20 * GB), MNIST)).toBeLessThan(11 * GB);
  expect(kinds(MNIST, 20 * GB)).toEqual(['nystrom', 'float32']);
  expect(kinds(MNIST, 8 * GB)).toEqual(['nystrom', 'computed']);
});

test('points whose factor takes seconds are factored, and keep what there is room for', () => {
  const size = { n: 10_000, d: 784 };
  const [float64, float32, computed] = methodsFor(size.n).map((method) => bytesOf(method, size));
  expect(kinds(size, float64!)).toEqual(['cholesky', 'float64']);
  expect(kinds(size, float64! - 1)).toEqual(['cholesky', 'float32']);
  expect(kinds(size, computed!)).toEqual(['cholesky', 'computed']);
  expect(float32!).toBeGreaterThan(computed!);
});

test('what fits in no way is refused in one sentence, before anything is allocated', () => {
  expect(() => methodFor(MNIST, 2e9)).toThrow(
    'Solving for 60000 points of 784 coordinates takes 3.3 GB of memory and 2.0 GB are free: end other programs, or take fewer points.',
  );
});
