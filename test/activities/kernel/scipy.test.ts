/** A small kernel machine beside SciPy's float64 numbers (recorded/scipy_values.py). */
import { expect, test } from 'vitest';
import { gaussianBlock } from '../../../activities/kernel/gaussian.ts';
import { oneVsAll } from '../../../activities/kernel/labels.ts';
import { leaveOneOut } from '../../../activities/kernel/leave-one-out.ts';
import { rkhsNorm } from '../../../activities/kernel/norm.ts';
import { pixelPoints, placePoints } from '../../../activities/kernel/points.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import { fitted, prepareSystem, solveKernel } from '../../../activities/kernel/solve.ts';
import { randomBytes, SCIPY } from '../recorded/recorded.ts';
import { finished, furthest, valuesOf } from './small.ts';

const { n, d, gamma, l2, condition, ...scipy } = SCIPY.kernel;
const pixels = randomBytes(n * d, 1);
const labels = Uint8Array.from({ length: n }, (_, i) => i % 10);
/** Two float64 solvers of one system agree to its condition times their rounding. */
const ROUNDING = condition * 1e-13;

const solution = (lambda: number) =>
  withSession(async (session) => {
    const task = {
      ...{ points: pixelPoints(pixels, d), labels, gamma, l2: lambda },
      method: { preconditioner: { kind: 'cholesky' }, product: 'float64' },
      stop: { residual: 1e-14, iterations: 20 },
    } as const;
    const system = await prepareSystem(session, task);
    const iterate = await finished(solveKernel(system, task));
    return { alpha: iterate.alpha, outputs: fitted(system, iterate, lambda) };
  });

test('the kernel’s values are NumPy’s', () =>
  withSession(async (session) => {
    const points = await placePoints(session, pixelPoints(pixels, d));
    const values = await valuesOf(session, gaussianBlock(gamma, points, points), [1, 5]);
    expect(furthest(values, scipy.kernel)).toBeLessThan(1e-14);
  }));

test('α and its norm are those of scipy.linalg.solve', async () => {
  const { alpha, outputs } = await solution(0);
  const expected = scipy.alpha.flat();
  const size = Math.max(...expected.map(Math.abs));
  expect(furthest(alpha.subarray(0, expected.length), expected)).toBeLessThan(ROUNDING * size);
  expect(rkhsNorm(alpha, outputs) / scipy.norm).toBeCloseTo(1, 10);
});

test('and with λ on the diagonal', async () => {
  const { alpha } = await solution(l2);
  const expected = scipy.alphaWithL2.flat();
  const size = Math.max(...expected.map(Math.abs));
  expect(furthest(alpha.subarray(0, expected.length), expected)).toBeLessThan(ROUNDING * size);
});

test('what is left out is what α/(K⁻¹)ᵢᵢ of SciPy’s inverse says', async () => {
  const left = await withSession(async (session) => {
    const points = await placePoints(session, pixelPoints(pixels, d));
    return leaveOneOut(session, gaussianBlock(gamma, points, points), { y: oneVsAll(labels), l2: 0 });
  });
  const expected = scipy.leaveOneOut.flat();
  const size = Math.max(...expected.map(Math.abs));
  expect(furthest(left!.outputs.subarray(0, expected.length), expected)).toBeLessThan(ROUNDING * size);
});
