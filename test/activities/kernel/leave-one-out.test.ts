import { expect, test } from 'vitest';
import { best, meanSquaredDistance, scoreCandidates } from '../../../activities/kernel/choose.ts';
import { gaussianBlock } from '../../../activities/kernel/gaussian.ts';
import { countErrors, oneVsAll } from '../../../activities/kernel/labels.ts';
import { leaveOneOut } from '../../../activities/kernel/leave-one-out.ts';
import { pixelPoints, placePoints } from '../../../activities/kernel/points.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import { flat, furthest, gaussian, inRows, multiply, sample, solved } from './small.ts';

const N = 30;
const D = 64;
const { pixels, labels } = sample(N, D);
const rows = gaussian(pixels, pixels, D, 0.2);
const y = oneVsAll(labels);

/** What the fit to all points but one says of that one. */
const refitted = (left: number) => {
  const others = [...rows.keys()].filter((i) => i !== left);
  const kernel = others.map((i) => others.map((j) => rows[i]![j]!));
  const alpha = solved(
    kernel,
    others.map((i) => inRows(y, 10)[i]!),
  );
  return multiply([others.map((i) => rows[left]![i]!)], alpha)[0]!;
};

const left = () =>
  withSession(async (session) => {
    const points = await placePoints(session, pixelPoints(pixels, D));
    return leaveOneOut(session, gaussianBlock(0.2, points, points), { y, l2: 0, block: 8 });
  });

test('the closed form equals thirty refits without one point each', async () => {
  const found = await left();
  expect(furthest(found!.outputs, flat(rows.map((_, i) => refitted(i))))).toBeLessThan(1e-9);
  expect(furthest(found!.alpha, flat(solved(rows, inRows(y, 10))))).toBeLessThan(1e-9);
});

test('equal points are found out, not divided by', async () => {
  const found = await withSession(async (session) => {
    const twice = pixels.slice();
    twice.set(pixels.subarray(0, D), D);
    const points = await placePoints(session, pixelPoints(twice, D));
    return leaveOneOut(session, gaussianBlock(0.2, points, points), { y, l2: 0 });
  });
  expect(found).toBeNull();
});

test('candidates are scored by leave-one-out errors, and the fewest win, of equals the first', async () => {
  const points = async () => pixelPoints(pixels, D);
  const candidate = (gamma: number) => ({ name: `γ = ${gamma}`, gamma, points });
  const scored = [];
  for await (const one of scoreCandidates([candidate(0.2), candidate(1e4)], labels)) scored.push(one);
  const expected = countErrors(flat(rows.map((_, i) => refitted(i))), labels);
  expect(scored[0]).toEqual({ name: 'γ = 0.2', gamma: 0.2, errors: expected });
  expect(scored[1]!.errors).toBeGreaterThan(expected); // so narrow that every point is alone
  expect(best(scored)?.gamma).toBe(0.2);
  const tied = [{ ...scored[0]!, errors: null }, { ...scored[0]!, name: 'first', errors: 2 }, scored[0]!];
  expect(best([...tied, { ...scored[0]!, name: 'second', errors: 2 }].slice(0, 2))?.name).toBe('first');
  expect(best([{ ...scored[0]!, errors: null }])).toBeNull();
});

test('the mean squared distance is that over all pairs', () => {
  const distances = rows.flat().map((value) => -Math.log(value) / 0.2);
  const mean = distances.reduce((sum, value) => sum + value, 0) / distances.length;
  expect(meanSquaredDistance(pixelPoints(pixels, D))).toBeCloseTo(mean, 8);
});
