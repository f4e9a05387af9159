import { expect, test } from 'vitest';
import { parseCurve, runningMean, strideFor, windowFor } from '../../../activities/drawing/running-mean.ts';

test('a running mean over three steps begins with what there is', () => {
  const points = runningMean(Float64Array.of(6, 2, 1, 3, 8), 3, 1);

  // 6; (6 + 2)/2; (6 + 2 + 1)/3; (2 + 1 + 3)/3; (1 + 3 + 8)/3
  expect(points).toEqual([
    { step: 1, loss: 6 },
    { step: 2, loss: 4 },
    { step: 3, loss: 3 },
    { step: 4, loss: 2 },
    { step: 5, loss: 4 },
  ]);
});

test('thinning keeps the first step, every multiple of the stride and the last step, and their means', () => {
  const points = runningMean(Float64Array.of(6, 2, 1, 3, 8), 3, 2);

  expect(points).toEqual([
    { step: 1, loss: 6 },
    { step: 2, loss: 4 },
    { step: 4, loss: 2 },
    { step: 5, loss: 4 },
  ]);
});

test('25,000 steps are drawn with at most 500 points and a window of 250', () => {
  const points = runningMean(new Float64Array(25_000), windowFor(25_000), strideFor(25_000));

  expect(points.length).toBeLessThanOrEqual(500);
  expect(points.length).toBeGreaterThan(400);
  expect(windowFor(25_000)).toBe(250);
});

test('a short curve keeps every step, and a window of five', () => {
  expect(strideFor(100)).toBe(1);
  expect(windowFor(100)).toBe(5);
});

test('a curve file has one loss a row', () => {
  expect(parseCurve('step,loss\n1,2.5\n2,0.125\n', 'curve.csv')).toEqual(Float64Array.of(2.5, 0.125));
});

test('the curve of a diverged training ends with its last finite loss', () => {
  expect(parseCurve('step,loss\n1,2.5\n2,90\n3,NaN\n', 'curve.csv')).toEqual(Float64Array.of(2.5, 90));
});

test('a file with other columns is named, and how to have it again', () => {
  expect(() => parseCurve('a,b\n1,2\n', 'runs/1/curve.csv')).toThrow(
    'runs/1/curve.csv is not a curve of step,loss: delete it and train again.',
  );
});
