import { expect, test } from 'vitest';
import { conjugateGradients, type Iterate, start } from '../../../activities/kernel/conjugate-gradients.ts';
import { gaussianBlock } from '../../../activities/kernel/gaussian.ts';
import { classify, countErrors, oneVsAll } from '../../../activities/kernel/labels.ts';
import { rkhsNorm, zeroOneAlpha, zeroOneOutputs } from '../../../activities/kernel/norm.ts';
import { pixelPoints, placePoints } from '../../../activities/kernel/points.ts';
import { predict } from '../../../activities/kernel/predict.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import {
  fitted,
  type KernelMethod,
  type KernelTask,
  prepareSystem,
  solveKernel,
} from '../../../activities/kernel/solve.ts';
import { finished, flat, furthest, gaussian, inRows, multiply, sample, solved } from './small.ts';

const N = 200;
const D = 784;
const { pixels, labels } = sample(N, D);
const rows = gaussian(pixels, pixels, D, 0.02);
const y = oneVsAll(labels);

const CHOLESKY: KernelMethod = { preconditioner: { kind: 'cholesky' }, product: 'float64' };
const NYSTROM: KernelMethod = {
  preconditioner: { kind: 'nystrom', landmarks: 40, seed: 1 },
  product: 'float32',
};
const task = (change: Partial<KernelTask>): KernelTask => ({
  points: pixelPoints(pixels, D),
  labels,
  gamma: 0.02,
  l2: 0,
  method: CHOLESKY,
  stop: { residual: 1e-10, iterations: 300 },
  ...change,
});

const run = (change: Partial<KernelTask>) =>
  withSession(async (session) => {
    const asked = task(change);
    const system = await prepareSystem(session, asked);
    const states: Iterate[] = [];
    const errors: number[] = [];
    const events = solveKernel(system, asked);
    for (;;) {
      const { value, done } = await events.next();
      if (done) return { solution: value, states, errors, system };
      states.push(value.state);
      errors.push(value.errors);
    }
  });

const residualOf = (alpha: Float64Array, l2 = 0) => {
  const product = flat(multiply(rows, inRows(alpha, 10)));
  const rest = y.map((value, i) => value - product[i]! - l2 * alpha[i]!);
  return Math.hypot(...rest) / Math.hypot(...y);
};

test('a float32 factor and float64 refinement solve to 1e-10 in a few iterations, and interpolate', async () => {
  const { solution, errors } = await run({});
  expect(solution.iteration).toBeLessThan(6);
  expect(residualOf(solution.alpha)).toBeLessThan(1e-10);
  expect(errors.at(-1)).toBe(0);
});

test('α is that of elimination', async () => {
  const { solution } = await run({});
  const expected = flat(solved(rows, inRows(y, 10)));
  expect(furthest(solution.alpha, expected) / Math.max(...expected)).toBeLessThan(1e-7); // condition times residual
});

test('conjugate gradients with random landmarks and float32 products come to the same residual', async () => {
  const { solution, states } = await run({ method: NYSTROM });
  expect(residualOf(solution.alpha)).toBeLessThan(1e-10);
  expect(states.filter(({ exact }) => exact).length).toBeGreaterThan(1); // float32 alone would not
});

test('a kernel that is computed for every product gives the same', async () => {
  const { solution } = await run({ method: { ...CHOLESKY, product: 'computed' } });
  expect(residualOf(solution.alpha)).toBeLessThan(1e-10);
});

test('l2 is λ on the diagonal, and what is fitted is Kα', async () => {
  const { solution, system } = await run({ l2: 0.1 });
  expect(residualOf(solution.alpha, 0.1)).toBeLessThan(1e-10);
  const outputs = flat(multiply(rows, inRows(solution.alpha, 10)));
  expect(furthest(fitted(system, solution, 0.1), outputs)).toBeLessThan(1e-8);
});

test('points that are almost one another, which float32 cannot factor, are solved all the same', async () => {
  const twice = new Uint8Array(2 * pixels.length);
  twice.set(pixels);
  twice.set(
    pixels.map((value, i) => (i % D === 0 ? value ^ 1 : value)),
    pixels.length,
  ); // one grey level apart
  const { solution, errors } = await run({
    points: pixelPoints(twice, D),
    labels: [...labels, ...labels],
    stop: { residual: 1e-8, iterations: 300 },
  });
  expect(errors.at(-1)).toBe(0);
  expect(solution.exact).toBe(true);
});

test('going on from any state, as plain data, gives the uninterrupted run bit for bit', async () => {
  const whole = await run({ method: NYSTROM });
  const half = whole.states[7]!;
  const resumed = await withSession(async (session) => {
    const asked = task({ method: NYSTROM });
    return finished(solveKernel(await prepareSystem(session, asked), asked, structuredClone(half)));
  });
  expect(half.exact).toBe(false); // in the middle of a descent
  expect(resumed).toEqual(whole.solution);
});

test('a right-hand side of zeros is solved by zeros', async () => {
  const product = async (vectors: Float64Array<ArrayBuffer>) => vectors.map((value) => 2 * value);
  const system = {
    y: Float64Array.of(1, 0, 3, 0),
    m: 2,
    product,
    exactProduct: product,
    preconditioner: async (vectors: Float64Array<ArrayBuffer>) => vectors,
  };
  const { alpha } = await finished(
    conjugateGradients(system, { residual: 1e-12, iterations: 5 }, start(system)),
  );
  expect([...alpha]).toEqual([0.5, 0, 1.5, 0]);
});

test('the iterations end at their number, with an exact residual', async () => {
  const { solution } = await run({ method: NYSTROM, stop: { residual: 1e-10, iterations: 3 } });
  expect(solution.iteration).toBe(3);
  const carried = Math.hypot(...solution.residual) / Math.hypot(...y);
  expect(carried).toBeCloseTo(residualOf(solution.alpha), 12);
});

test('predictions are sums of kernels at the new points', async () => {
  const { solution } = await run({});
  const fresh = sample(30, D, 2);
  const outputs = await withSession(async (session) => {
    const from = await placePoints(session, pixelPoints(fresh.pixels, D));
    const to = await placePoints(session, pixelPoints(pixels, D));
    const request = { alpha: solution.alpha, m: 10, count: 30 };
    return finished(predict(session, gaussianBlock(0.02, from, to), request));
  });
  const expected = multiply(gaussian(fresh.pixels, pixels, D, 0.02), inRows(solution.alpha, 10));
  expect(furthest(outputs, flat(expected))).toBeLessThan(1e-10);
});

test('the norm is √(tr αᵀKα), and that of 0/1 labels follows from the solution for ±1', async () => {
  const { solution, system } = await run({ stop: { residual: 1e-12, iterations: 50 } });
  const product = multiply(rows, inRows(solution.alpha, 10));
  const square = solution.alpha.reduce((sum, value, i) => sum + value * product.flat()[i]!, 0);
  const outputs = fitted(system, solution, 0);
  expect(rkhsNorm(solution.alpha, outputs)).toBeCloseTo(Math.sqrt(square), 8);
  const zeroOne = inRows(y, 10).map((row) => row.map((value) => (value + 1) / 2));
  expect(furthest(zeroOneAlpha(solution.alpha), flat(solved(rows, zeroOne)))).toBeLessThan(1e-8);
  expect(furthest(zeroOneOutputs(outputs), flat(zeroOne))).toBeLessThan(1e-8);
});

test('the class is that of the largest output; what is not a number is an error', () => {
  const outputs = Float64Array.from({ length: 30 }, (_, i) =>
    i === 4 || i === 12 ? 2 : i < 20 ? -1 : Number.NaN,
  );
  expect([...classify(outputs).subarray(0, 2)]).toEqual([4, 2]);
  expect(countErrors(outputs, [4, 3, 0])).toBe(2);
});
