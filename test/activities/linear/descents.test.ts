import { expect, test } from 'vitest';
import { distancesCsv, spectraCsv } from '../../../activities/drawing/descent-csv.ts';
import { measureDescents } from '../../../activities/linear/descent-numbers.ts';
import {
  type Descent,
  type DescentState,
  descentOf,
  weightsOf,
} from '../../../activities/linear/descents.ts';
import { length } from '../../../activities/linear/sample.ts';
import { D, images, labels, N, pixels, TESTS, testLabels } from './small-images.ts';

const setting = {
  d: D,
  train: { images: images.train, labels },
  test: { images: images.test, labels: testLabels },
  seed: 1,
};

const ended = (descent: Descent, from: DescentState = descent.start): DescentState => {
  let state = from;
  for (const { epoch, weights, looks } of descent.from(from))
    state = { epoch, weights: weights.slice(), looks };
  return state;
};

const descent = descentOf(setting);
const end = ended(descent);
const last = end.looks.at(-1)!;

test('from zero both labellings come within 1e-4 of the least norm, and never leave the span', () => {
  expect(Math.max(last.true.distance, last.random.distance)).toBeLessThanOrEqual(1e-4);
  const off = end.looks.flatMap(({ true: one, random }) => [one.offSpan, random.offSpan]);
  expect(Math.max(...off)).toBeLessThan(1e-12);
  expect([last.true.errors, last.random.errors, last.elsewhere.errors]).toEqual([0, 0, 0]);
});

test('from elsewhere it ends at an interpolant that is farther away than 1e-4 and longer, by what the start had outside', () => {
  const [before] = end.looks;

  expect(last.elsewhere.distanceToLimit).toBeLessThanOrEqual(1e-4);
  expect(last.elsewhere.distance).toBeGreaterThan(0.5); // √(1 − n/d) of a start as long as the solution, about 0.84
  expect(last.elsewhere.offSpan / before!.elsewhere.offSpan).toBeCloseTo(1, 10);
  const [own, other] = [weightsOf('true', end.weights), weightsOf('elsewhere', end.weights)];
  expect(length(other)).toBeGreaterThan(1.1 * length(own));
});

test('looks are at the same epochs whichever it goes on from, with the same numbers', () => {
  const states = [...descent.from(descent.start)].map(({ epoch, looks }) => ({ epoch, looks }));
  const half = ended(descentOf({ ...setting, budget: 20 }));
  const looks = half.looks.filter(({ epoch }) => epoch < 20); // the one at a budget's end is that budget's own
  const resumed = ended(descent, { ...half, looks });

  expect(resumed.looks).toEqual(end.looks);
  expect(resumed.weights).toEqual(end.weights);
  expect(states.at(-1)!.epoch).toBe(end.epoch);
});

test('a budget ends it with a look, and nothing is claimed', () => {
  const { epoch, looks } = ended(descentOf({ ...setting, budget: 3 }));

  expect(epoch).toBe(3);
  expect(looks.at(-1)!.epoch).toBe(3);
  expect(looks.at(-1)!.true.distance).toBeGreaterThan(1e-3);
});

test('a descent that is done goes no further', () => {
  expect([...descent.from(end)]).toEqual([]);
});

test('numbers have a row a descent, with the shorter solution from zero, and CSV files a line a look and an eigenvalue', () => {
  const { numbers, weights } = measureDescents(descent, end);

  expect(numbers.interpolants.map(({ name, train, test }) => [name, train, test.images])).toEqual([
    ['linear', { errors: 0, images: N }, TESTS],
    ['linear-random-labels', { errors: 0, images: N }, TESTS],
    ['linear-elsewhere', { errors: 0, images: N }, TESTS],
  ]);
  const [own, , elsewhere] = numbers.interpolants;
  expect(own!.norm).toBeLessThan(elsewhere!.norm);
  expect(own!.norm).toBe(length(weights.true));
  expect(numbers.optima.ranks).toEqual([N, N]);
  expect(numbers.optima.difference).toBeLessThan(1e-6);
  expect(distancesCsv(numbers).split('\n')).toHaveLength(3 * end.looks.length + 2);
  expect(spectraCsv(numbers).split('\n')).toHaveLength(N + 2);
});

test('an image that stands twice is refused with its place', () => {
  const twice = pixels(N, 0);
  twice.copyWithin(7 * D, 3 * D, 4 * D);

  expect(() => descentOf({ ...setting, train: { images: twice, labels } })).toThrow(
    'Point 7, counted from 0',
  );
});
