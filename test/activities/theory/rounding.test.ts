import { describe, expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import {
  errorAgainstN,
  firstFailure,
  type RoundingError,
  type Setting,
} from '../../../activities/theory/rounding.ts';

const { below, normal } = stream(1, 'procedural');
const N = 20_000;
const sample = {
  projections: Float64Array.from({ length: N }, normal), // what random projections of many coordinates look like
  labels: Float64Array.from({ length: N }, () => below(10)),
};

const measure = (n: number, setting: Partial<Setting>): RoundingError =>
  [
    ...errorAgainstN(sample, [n], [{ precision: 'float64', gapFraction: 1, summation: 'kink', ...setting }]),
  ][0]!;

describe('biases a quarter of the gap before their points', () => {
  test('overflow float64 near point 646, where 3ⁿ does, however they are summed', () => {
    const points = (['terms', 'origin', 'kink'] as const).map(
      (summation) => measure(1000, { gapFraction: 0.25, summation }).overflowsAt!,
    );
    expect(Math.min(...points)).toBeGreaterThan(600); // the labels and gaps in front of 3ⁿ move it
    expect(Math.max(...points)).toBeLessThan(660);
  });

  test('overflow float32 near point 80', () => {
    const { overflowsAt, asComputed } = measure(1000, { gapFraction: 0.25, precision: 'float32' });
    expect(overflowsAt).toBeGreaterThan(65);
    expect(overflowsAt).toBeLessThan(95);
    expect(asComputed).toMatchObject({ largestError: Infinity });
    expect(asComputed.wrong).toBeGreaterThan(900);
  });

  test('lose classes long before, which more digits postpone', () => {
    const sizes = [10, 20, 30, 40, 50, 60, 80, 100];
    const failures = (['float32', 'float64'] as const).map((precision) => {
      const setting = { precision, gapFraction: 0.25, summation: 'kink' } as const;
      return firstFailure([...errorAgainstN(sample, sizes, [setting])], 'asComputed');
    });
    expect(failures[0]).toBeLessThan(failures[1]!);
    expect(failures[1]).toBeLessThanOrEqual(60);
  });
});

describe('at 20,000 points in float64', () => {
  const midpoints = measure(N, { gapFraction: 0.5 });
  const predecessors = measure(N, {});
  const nineTenths = measure(N, { gapFraction: 0.9 });

  test('midpoints keep every error and are a hundred times worse than the predecessors', () => {
    expect(midpoints.asComputed.largestError).toBeGreaterThan(100 * predecessors.asComputed.largestError);
    expect(
      measure(N, { gapFraction: 0.5, precision: 'double-double' }).ofWeights.largestError,
    ).toBeGreaterThan(100 * measure(N, { precision: 'double-double' }).ofWeights.largestError);
  });

  test('nine tenths of the gap are within a factor of ten of the predecessors', () => {
    const ratio = nineTenths.asComputed.largestError / predecessors.asComputed.largestError;
    expect(ratio).toBeGreaterThan(0.1);
    expect(ratio).toBeLessThan(10);
  });

  test('sums about the last kink lose a thousand times less than sums about the origin', () => {
    const origin = measure(N, { summation: 'origin' });
    expect(origin.asComputed.largestError).toBeGreaterThan(1000 * predecessors.asComputed.largestError);
  });

  test('compensated sums make the weights themselves a thousand times better', () => {
    const compensated = measure(N, { precision: 'double-double' });
    expect(predecessors.ofWeights.largestError).toBeGreaterThan(1000 * compensated.ofWeights.largestError);
    expect(compensated.ofWeights.largestError).toBeLessThan(1e-9);
  });

  test('no class is lost with any of the three', () => {
    expect([midpoints, nineTenths, predecessors].map(({ ofWeights }) => ofWeights.wrong)).toEqual([0, 0, 0]);
  });
});

describe('in float32', () => {
  test('midpoints about the origin lose classes at 1,000 points, the predecessors about the kinks none', () => {
    const naive = measure(1000, { precision: 'float32', gapFraction: 0.5, summation: 'origin' });
    const chosen = measure(1000, { precision: 'float32' });
    expect(naive.ofWeights.wrong).toBeGreaterThan(0);
    expect(chosen.asComputed.wrong + chosen.ofWeights.wrong).toBe(0);
  });

  test('nothing helps once two projections round to one number', () => {
    const sizes = [1000, N];
    const setting = { precision: 'float32', gapFraction: 1, summation: 'kink' } as const;
    const errors = [...errorAgainstN(sample, sizes, [setting])];
    expect(firstFailure(errors, 'asComputed')).toBe(N);
    expect(errors[1]!.overflowsAt).not.toBeNull();
  });
});
