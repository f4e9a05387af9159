import { expect, test } from 'vitest';
import { bestSoFar, gainOf, parseEvaluations } from '../../../activities/verdicts/early-stopping.ts';

const CSV =
  'step,train_correct,train_images,test_correct,test_images\n' +
  '391,900,2000,1600,2000\n782,1900,2000,1720,2000\n1173,50000,50000,1700,2000\n';
const looks = parseEvaluations(CSV, 'the evaluations of a run');

test('a look has the counts of both splits, the training set whole where it was looked at', () => {
  expect(looks[2]).toEqual({
    step: 1173,
    train: { correct: 50_000, images: 50_000 },
    test: { correct: 1_700, images: 2_000 },
  });
});

test('the gain is the best test accuracy less the last, with the binomial error of one look', () => {
  expect(gainOf(looks)).toEqual({
    looks: 3,
    points: 1, // 86 − 85
    best: { step: 782, percent: 86 },
    last: { step: 1173, percent: 85 },
    images: 2_000,
    error: expect.closeTo(0.798, 3), // 100·√(0.85·0.15 / 2,000)
  });
});

test('the best so far never falls', () => {
  expect(bestSoFar(looks)).toEqual([80, 86, 86]);
});

test('a training that ends at its best gains nothing', () => {
  expect(gainOf(looks.slice(0, 2)).points).toBe(0);
});

test.each(['step,loss\n1,2\n', 'step,train_correct,train_images,test_correct,test_images\n'])(
  'what is no file of evaluations is refused by name: %j',
  (text) => {
    expect(() => parseEvaluations(text, 'the evaluations of abc')).toThrow(
      /^the evaluations of abc are not rows of step,.*: delete them and train again\.$/,
    );
  },
);
