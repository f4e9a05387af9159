import { expect, test } from 'vitest';
import type { TheoremNumbers } from '../../../activities/contract.ts';
import { judgeTheorem1 } from '../../../activities/verdicts/theorem-1.ts';
import { numbers } from '../theory/numbers.ts';

const kindsOf = (changes: Partial<TheoremNumbers>, profile: 'smoke' | 'quick' | 'paper' = 'quick') =>
  judgeTheorem1(profile, { ...numbers, ...changes }).map(({ kind }) => kind);

test.each(['quick', 'paper'] as const)(
  'at the %s profile what holds is reproduced, on any data set',
  (profile) => {
    expect(kindsOf({}, profile)).toEqual(['reproduced', 'reproduced', 'reproduced']);
  },
);

test('the smoke profile claims nothing, and says which way it points', () => {
  expect(judgeTheorem1('smoke', numbers)).toMatchObject(
    Array(3).fill({
      kind: 'not judged at this scale',
      agrees: true,
      reason: 'The smoke profile is too small to show it; the quick or paper profile can.',
    }),
  );
});

test('what was counted and measured stands in the verdict', () => {
  const [theorem, , corollary] = judgeTheorem1('quick', numbers);

  expect(theorem!.measured).toBe(
    '5,072 weights for n = 1,000, d = 3,072: 1,000 of 1,000 labels equal with rational weights; ' +
      'largest error 1.0e-9 in float64, 1.0e-13 in double-double sums; labels lost in float32 by projection: ' +
      'integers-53 none, gaussian from n = 1,000, coordinate from n = 100.',
  );
  expect(corollary!.measured).toBe(
    'k = 2, 4: width 1,000 to 336, weights 6,072 to 6,079; largest error 2.0e-6 in float64, 1.0e-14 in double-double sums, on all points',
  );
});

test.each<[string, Partial<TheoremNumbers>]>([
  ['a weight too many', { weights: 5073 }],
  ['a label that rational weights miss', { exact: { ...numbers.exact, equal: 999 } }],
  ['a label lost to floats', { largestError: { float64: 0.5, doubleDouble: 0 } }],
  ['a sum that is not finite', { largestError: { float64: null, doubleDouble: 0 } }],
])('%s is off: the construction’s fault, never the theorem’s', (_what, changes) => {
  expect(kindsOf(changes)).toEqual(['off', 'reproduced', 'reproduced']);
});

test.each<[string, Partial<TheoremNumbers['lemma1']>]>([
  ['a matrix that is not triangular', { triangular: false }],
  ['eigenvalues off the diagonal', { eigenvalues: { size: 16, onDiagonal: false } }],
])('%s is off', (_what, changes) => {
  expect(kindsOf({ lemma1: { ...numbers.lemma1, ...changes } })).toEqual(['reproduced', 'off', 'reproduced']);
});

test.each<[string, Partial<TheoremNumbers['corollary1'][number]>, string]>([
  ['a unit too wide', { width: 1004 }, 'beyond its bounds at k = 2'],
  ['a weight too many', { weights: 6083 }, 'beyond its bounds at k = 2'],
  ['another depth', { depth: 3 }, 'beyond its bounds at k = 2'],
  ['a lost label', { largestError: { float64: 0.6, doubleDouble: 0.5 } }, 'labels lost at k = 2'],
])('a deep network with %s is off, with its depth', (_what, changes, said) => {
  const [first, second] = numbers.corollary1;
  const corollary1 = [{ ...first!, ...changes }, second!];
  const [, , verdict] = judgeTheorem1('quick', { ...numbers, corollary1 });
  expect(verdict).toMatchObject({ kind: 'off', agrees: false, measured: expect.stringContaining(said) });
});

test('a deep network whose hinges float64 cannot add up any more still has every label', () => {
  const [row] = numbers.corollary1;
  const rows = [{ ...row!, largestError: { float64: 3, doubleDouble: 1e-15 } }];
  expect(kindsOf({ corollary1: rows })[2]).toBe('reproduced');
});
