import { expect, test } from 'vitest';
import { oneVsAll } from '../../../activities/kernel/labels.ts';
import {
  forcedLabels,
  interpolateFromCentres,
  randomCentres,
} from '../../../activities/kernel/non-generalising.ts';
import { rkhsNorm } from '../../../activities/kernel/norm.ts';
import { pixelPoints } from '../../../activities/kernel/points.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import { fitted, prepareSystem, solveKernel } from '../../../activities/kernel/solve.ts';
import { finished, flat, furthest, gaussian, inRows, multiply, sample } from './small.ts';

const N = 60;
const { pixels, labels } = sample(N, 784);
const centres = randomCentres(N, 784, 1);

test('as many random centres as points interpolate, with a larger norm than centres at the points', async () => {
  const found = await withSession((session) =>
    interpolateFromCentres(session, {
      points: pixelPoints(pixels, 784),
      centres: pixelPoints(centres, 784),
      gamma: 0.02,
      labels,
    }),
  );
  const asked = { labels, l2: 0, stop: { residual: 1e-12, iterations: 50 } };
  const least = await withSession(async (session) => {
    const method = { preconditioner: { kind: 'cholesky' as const }, product: 'float64' as const };
    const system = await prepareSystem(session, {
      ...asked,
      points: pixelPoints(pixels, 784),
      gamma: 0.02,
      method,
    });
    const solution = await finished(solveKernel(system, asked));
    return rkhsNorm(solution.alpha, fitted(system, solution, 0));
  });
  const beta = inRows(found.beta, 10);
  const outputs = flat(multiply(gaussian(pixels, centres, 784, 0.02), beta));
  expect(furthest(outputs, oneVsAll(labels))).toBeLessThan(1e-6);
  expect(found.residual).toBeLessThan(1e-8);
  const among = flat(multiply(gaussian(centres, centres, 784, 0.02), beta));
  expect(found.norm / rkhsNorm(found.beta, among)).toBeCloseTo(1, 6);
  expect(found.norm).toBeGreaterThan(1.5 * least);
});

test('forced labels are uniform, within four standard deviations, and the same for a seed', () => {
  const drawn = forcedLabels(10_000, 5);
  const ones = drawn.filter((label) => label === 1).length;
  expect(Math.abs(ones - 1000)).toBeLessThan(4 * Math.sqrt(900));
  expect(forcedLabels(10_000, 5)).toEqual(drawn);
  expect(Math.max(...drawn)).toBe(9);
});
