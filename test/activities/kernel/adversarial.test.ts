/** Samples that a kernel machine does not like. */
import { expect, test } from 'vitest';
import { oneVsAll } from '../../../activities/kernel/labels.ts';
import { pixelPoints } from '../../../activities/kernel/points.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import {
  type KernelMethod,
  prepareSystem,
  type SolveEvent,
  solveKernel,
} from '../../../activities/kernel/solve.ts';
import { furthest, sample } from './small.ts';

const CHOLESKY: KernelMethod = { preconditioner: { kind: 'cholesky' }, product: 'float64' };
const nystrom = (landmarks: number): KernelMethod => ({
  preconditioner: { kind: 'nystrom', landmarks, seed: 1 },
  product: 'float32',
});

async function solve(
  pixels: Uint8Array,
  d: number,
  labels: ArrayLike<number>,
  { gamma = 0.02, method = CHOLESKY }: { gamma?: number; method?: KernelMethod } = {},
): Promise<SolveEvent> {
  return withSession(async (session) => {
    const stop = { residual: 1e-9, iterations: 200 };
    const task = { points: pixelPoints(pixels, d), labels, gamma, l2: 0, method, stop };
    let last: SolveEvent | null = null;
    for await (const event of solveKernel(await prepareSystem(session, task), task)) last = event;
    return last!;
  });
}

test.each<[string, number, number, KernelMethod, number]>([
  ['one point', 1, 30, CHOLESKY, 0.02],
  ['one point and one landmark', 1, 30, nystrom(1), 0.02],
  ['one coordinate', 20, 1, CHOLESKY, 1e4], // 20 of 256 grey levels, which a narrow kernel tells apart
  ['more points than coordinates', 400, 5, CHOLESKY, 2000],
  ['more coordinates than points', 8, 3000, CHOLESKY, 0.02],
  ['every point a landmark', 40, 100, nystrom(40), 0.02],
])('%s: no error, and the residual that was asked for', async (_name, n, d, method, gamma) => {
  const { pixels, labels } = sample(n, d);
  if (d === 1) for (let i = 0; i < n; i++) pixels[i] = 12 * i;
  const { residual, errors, state } = await solve(pixels, d, labels, { method, gamma });
  expect(errors).toBe(0);
  expect(state.exact).toBe(true);
  expect(residual).toBeLessThan(1e-9);
});

test('a kernel so narrow that no point knows another is the identity: α is the labels', async () => {
  const { pixels, labels } = sample(30, 50);
  const { state } = await solve(pixels, 50, labels, { gamma: 1e6 });
  expect(furthest(state.alpha, oneVsAll(labels))).toBeLessThan(1e-9);
});

test('one point twice with one label is solved, though its matrix has no inverse', async () => {
  const { pixels, labels } = sample(40, 60);
  const twice = Uint8Array.from([...pixels, ...pixels]);
  const { residual, errors } = await solve(twice, 60, [...labels, ...labels]);
  expect(errors).toBe(0);
  expect(residual).toBeLessThan(1e-9);
});

test('one point twice with two labels cannot be: it ends at its number of iterations and says what is left', async () => {
  const { pixels, labels } = sample(40, 60);
  const twice = Uint8Array.from([...pixels, ...pixels]);
  const others = labels.map((label) => (label + 1) % 10);
  const { residual, errors, state } = await solve(twice, 60, [...labels, ...others]);
  expect(state.exact).toBe(true);
  expect(errors).toBeGreaterThanOrEqual(40); // one of each pair
  // Of ±1 targets that differ at two of ten outputs the best is 0 there: 4 of 20 squares, the worst output alone more.
  expect(residual).toBeGreaterThan(Math.sqrt(4 / 20));
});
