import { expect, test } from 'vitest';
import { gaussianBlock } from '../../../activities/kernel/gaussian.ts';
import { drawLandmarks, nystrom } from '../../../activities/kernel/nystrom.ts';
import { pixelPoints, placePoints, selectPoints } from '../../../activities/kernel/points.ts';
import { withSession } from '../../../activities/kernel/session.ts';
import { stream } from '../../../activities/random/stream.ts';
import { flat, furthest, gaussian, identity, inRows, multiply, sample, solved } from './small.ts';

const N = 60;
const Q = 15;
const D = 64;
const { pixels } = sample(N, D);
const chosen = drawLandmarks(N, Q, stream(1, 'kernel-landmarks'));

test('landmarks are distinct, ascending, and the same for a seed', () => {
  expect(new Set(chosen).size).toBe(Q);
  expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
  expect(drawLandmarks(N, Q, stream(1, 'kernel-landmarks'))).toEqual(chosen);
});

test('the preconditioner is (K(X, S)·K(S, S)⁻¹·K(S, X) + μI)⁻¹, μ the mean of what that leaves of the trace', async () => {
  const rows = gaussian(pixels, pixels, D, 0.2);
  const columns = rows.map((row) => chosen.map((j) => row[j]!));
  const among = chosen.map((i) => columns[i]!);
  const transposed = chosen.map((j) => rows[j]!);
  const low = multiply(columns, solved(among, transposed));
  const mu = (N - low.reduce((sum, row, i) => sum + row[i]!, 0)) / N;
  const shifted = low.map((row, i) => row.map((value, j) => value + mu * identity(N)[i]![j]!));
  const y = Float64Array.from({ length: N * 2 }, (_, i) => Math.cos(i));

  const applied = await withSession(async (session) => {
    const all = pixelPoints(pixels, D);
    const points = await placePoints(session, all);
    const some = await placePoints(session, selectPoints(all, chosen));
    const apply = await nystrom(session, {
      n: N,
      m: 2,
      landmarks: Q,
      toLandmarks: gaussianBlock(0.2, points, some),
      amongLandmarks: gaussianBlock(0.2, some, some),
      trace: N,
    });
    return apply(y);
  });

  const expected = flat(solved(shifted, inRows(y, 2)));
  // In float32, of numbers that cancel to μ's share: 6e-8·n/μ, and the landmarks' jitter.
  expect(furthest(applied, expected) / Math.max(...expected.map(Math.abs))).toBeLessThan(1e-4);
});
