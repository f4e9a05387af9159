import { expect, test } from 'vitest';
import { figure1a } from '../../../activities/drawing/figure-1a.ts';
import { cifar10, made } from '../verdicts/synthetic.ts';

const request = { profile: 'quick' as const, dataset: cifar10 };

const fast = made({ condition: 'true-labels', budget: 6 });
const slow = made({ condition: 'random-labels', budget: 6 });
const losses = new Map([
  [slow.planned.id, Float64Array.of(2, 2, 2, 2, 2, 2)],
  [fast.planned.id, Float64Array.of(2, 1, 0, 0)],
]);

const drawn = () => figure1a({ ...request, runs: [fast, slow] }, losses);
const textOf = (spec: object) => JSON.stringify(spec);

test('the CSV holds every drawn running mean with its condition, seed, step and window', () => {
  expect(drawn().csv.split('\n').slice(0, 6)).toEqual([
    'condition,seed,step,loss,window',
    'true-labels,1,1,2,5',
    'true-labels,1,2,1.5,5',
    'true-labels,1,3,1,5',
    'true-labels,1,4,0.75,5',
    'random-labels,1,1,2,5',
  ]);
});

test('the legend lists the curve that stays up longest first', () => {
  const text = textOf(drawn().spec);

  expect(text.indexOf('"text":"random labels"')).toBeGreaterThan(0);
  expect(text.indexOf('"text":"random labels"')).toBeLessThan(text.indexOf('"text":"true labels"'));
});

test('data set, profile, numbers of images, seed and window stand on the picture', () => {
  const text = textOf(drawn().spec);

  expect(text).toContain('CIFAR-10 · quick profile: 50,000 training and 10,000 test images · seed 1');
  expect(text).toContain('Mean over the last 5 steps.');
});

test('a run that stopped before its budget ends in a symbol, one that used it up does not', () => {
  const values = drawn().spec;

  const ends = textOf(values).match(/\{"seed":1,"step":4,"loss":0\.75\}/g) ?? [];
  const full = textOf(values).match(/\{"seed":1,"step":6,"loss":2\}/g) ?? [];
  expect(ends).toHaveLength(2); // in its curve and as its end
  expect(full).toHaveLength(1);
});

test('a diverged run is drawn as far as it came, a cancelled one is said to be missing', () => {
  const diverged = made({ condition: 'gaussian', failure: 'LossNotFinite' });
  const cancelled = made({ condition: 'shuffled-pixels', failure: 'TrainingCancelled' });
  const curves = new Map([...losses, [diverged.planned.id, Float64Array.of(2.5, 9)]]);

  const { spec, csv } = figure1a({ ...request, runs: [fast, slow, diverged, cancelled] }, curves);

  expect(csv).toContain('gaussian,1,2,5.75,5');
  expect(textOf(spec)).toContain('Losses above 4 are cut off.');
  expect(textOf(spec).replaceAll('","', ' ')).toContain(
    'Diverged: Inception on gaussian, seed 1. Missing: Inception on shuffled pixels, seed 1 (TrainingCancelled).',
  );
});

test('a long run is told in thousand steps, a short one in steps', () => {
  const long = new Map([[fast.planned.id, new Float64Array(25_000)]]);

  expect(textOf(figure1a({ ...request, runs: [fast] }, long).spec)).toContain('"title":"Thousand steps"');
  expect(textOf(drawn().spec)).toContain('"title":"Steps"');
});

test('curves of several seeds are separate lines', () => {
  const again = made({ condition: 'true-labels', seed: 2 });
  const curves = new Map([...losses, [again.planned.id, Float64Array.of(2, 1)]]);

  const { spec, csv } = figure1a({ ...request, runs: [fast, again] }, curves);

  expect(csv).toContain('true-labels,2,2,1.5,5');
  expect(textOf(spec)).toContain('One curve a seed.');
  expect(textOf(spec)).toContain('seeds 1, 2');
});
