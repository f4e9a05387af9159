/** A small triangular system beside NumPy's and SciPy's numbers (recorded/scipy_values.py). */
import { expect, test } from 'vitest';
import { DOUBLE_DOUBLE } from '../../../activities/theory/double-double.ts';
import { hingeSum } from '../../../activities/theory/hinge-sum.ts';
import { checkLemma1, systemIn, weightsAsNumbers } from '../../../activities/theory/triangle.ts';
import { SCIPY } from '../recorded/recorded.ts';

const { weights, smallestEigenvalue, rank, ...system } = SCIPY.theorem;
const [x, b, y] = [system.x, system.b, system.y].map((values) => Float64Array.from(values));

test('running sums give the weights of scipy.linalg.solve_triangular on the whole matrix', () => {
  const sum = hingeSum(DOUBLE_DOUBLE, 'kink');
  const own = weightsAsNumbers(
    DOUBLE_DOUBLE,
    sum,
    systemIn(DOUBLE_DOUBLE, { x: x!, b: b!, y: y! }),
    'float64',
  );
  for (const [i, weight] of own.entries()) expect(weight).toBeCloseTo(weights[i]!, 13); // 12 rows of float64
});

test('Lemma 1’s smallest diagonal entry is the smallest eigenvalue that NumPy finds, and the rank is full', () => {
  const { triangular, smallestDiagonal } = checkLemma1(x!, b!);
  expect(triangular).toBe(true);
  expect(rank).toBe(x!.length);
  expect(smallestDiagonal / smallestEigenvalue).toBeCloseTo(1, 9);
});
