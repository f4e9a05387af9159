import { expect, test } from 'vitest';
import { oneVsAll } from '../../../activities/kernel/labels.ts';
import { gramOf, leastNorm, withinSpan } from '../../../activities/linear/least-norm.ts';
import { length, outputsOf } from '../../../activities/linear/sample.ts';
import { learningRate, type SgdState, sgd } from '../../../activities/linear/sgd.ts';
import { stream } from '../../../activities/random/stream.ts';
import { furthest } from '../kernel/small.ts';
import { D, labels, N, recorded, row5, sample } from './small-images.ts';

const y = oneVsAll(labels);
const gram = gramOf(sample);
const solution = leastNorm(gram, y);
const zero: SgdState = { epoch: 0, weights: new Float64Array(D * 10) };
const difference = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - b[i]!);

function run(epochs: number, { batchSize = 1, from = zero, seed = 1 } = {}): SgdState[] {
  const task = { sample, y, rate: learningRate(gram, batchSize), batchSize, seed };
  const states: SgdState[] = [];
  for (const { epoch, weights } of sgd(task, from)) {
    states.push({ epoch, weights: weights.slice() });
    if (states.length === epochs) return states;
  }
  return states;
}

test('25 steps of the full gradient are NumPy’s', () => {
  const { weights } = run(25, { batchSize: N }).at(-1)!;

  // Pixels that NumPy whitens to another float32, and a largest eigenvalue to seven digits.
  expect(furthest(row5(weights), recorded.linear.fullGradientRow5)).toBeLessThan(1e-6);
});

test.each([1, 5, N])('with %i points a step it comes to the least-norm solution, from zero', (batchSize) => {
  const { weights } = run(3000, { batchSize }).at(-1)!;

  expect(length(difference(weights, solution)) / length(solution)).toBeLessThan(1e-6);
});

test('from zero no iterate leaves the span of the data', () => {
  const off = run(200).map(({ weights }) => length(difference(weights, withinSpan(gram, weights))));

  expect(Math.max(...off)).toBeLessThan(1e-12);
});

test('from elsewhere what lies outside of the span stays, and NumPy knows the interpolant that it ends at', () => {
  const weights = Float64Array.from({ length: D * 10 }, (_, i) => Math.cos(i));
  const end = run(3000, { from: { epoch: 0, weights } }).at(-1)!.weights;

  expect(furthest(row5(end), recorded.linear.elsewhereRow5)).toBeLessThan(1e-5);
  expect(furthest(outputsOf(sample, end), y)).toBeLessThan(1e-5);
  expect(length(end)).toBeGreaterThan(2 * length(solution));
});

test.each([1, 5, N])(
  'by the rule of the rate no step of %i points leads away from an interpolant',
  (batchSize) => {
    const { normal } = stream(3, 'linear-start');
    const weights = Float64Array.from({ length: D * 10 }, () => normal());
    const outside = difference(weights, withinSpan(gram, weights));
    const interpolants = [solution, solution.map((value, i) => value + outside[i]!)];
    const states = [{ epoch: 0, weights }, ...run(50, { batchSize, from: { epoch: 0, weights } })];

    for (const interpolant of interpolants) {
      const distances = states.map((state) => length(difference(state.weights, interpolant)));
      expect(distances.filter((distance, i) => i > 0 && distance > distances[i - 1]! * (1 + 1e-12))).toEqual(
        [],
      );
    }
  },
);

test('going on from any epoch gives the uninterrupted run bit for bit', () => {
  const whole = run(12, { batchSize: 5 });

  expect(run(7, { batchSize: 5, from: whole[4]! }).at(-1)).toEqual(whole.at(-1));
});

test('another seed is another order, and the same end', () => {
  const [one, other] = [run(3000), run(3000, { seed: 2 })];

  expect(one[0]).not.toEqual(other[0]);
  expect(furthest(one.at(-1)!.weights, other.at(-1)!.weights)).toBeLessThan(1e-6);
});
