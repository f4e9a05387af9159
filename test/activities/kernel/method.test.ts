import { expect, test } from 'vitest';
import {
  bytesOf,
  bytesOfFeatures,
  methodFor,
  methodsFor,
  requireMemory,
} from '../../../activities/kernel/method.ts';

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
    'Solving for 60000 points takes 3.3 GB of memory and 2.0 GB are free: end other programs, or take fewer points.',
  );
});

test('a solve whose method is decided is refused too, and a small one takes little', () => {
  const [method] = methodsFor(MNIST.n);
  expect(() => requireMemory(MNIST.n, bytesOf(method!, MNIST), 8 * GB)).toThrow(
    'takes 10.8 GB of memory and 8.0 GB are free',
  );
  expect(bytesOf(methodsFor(64)[0]!, { n: 64, d: 784 })).toBeLessThan(0.5 * GB);
});

test('the random net’s matrix of 50,000 images, its factor and 10,000 test images are below 15 GB', () => {
  const bytes = bytesOfFeatures('float32', { n: 50_000, tests: 10_000 });
  expect(bytes).toBeGreaterThan(4 * (50_000 ** 2 + 50_000 * 10_000));
  expect(bytes).toBeLessThan(15 * GB);
});
