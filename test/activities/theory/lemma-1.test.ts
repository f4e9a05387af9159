import { expect, test } from 'vitest';
import { stream } from '../../../activities/random/stream.ts';
import { generatedPoints } from '../../../activities/theory/generated-points.ts';
import { characteristicPolynomial, checkEigenvalues } from '../../../activities/theory/lemma-1.ts';
import { RATIONAL } from '../../../activities/theory/rational.ts';
import { buildTheorem1 } from '../../../activities/theory/theorem-1.ts';

test('the characteristic polynomial of a full matrix is that of its textbook: λ³ − 6λ² + 11λ − 6', () => {
  // Eigenvalues 1, 2 and 3.
  const matrix = [
    [2, 1, 0],
    [1, 2, 0],
    [7, -4, 2],
  ].map((row) => row.map(RATIONAL.of));
  expect(characteristicPolynomial(matrix).map(RATIONAL.toNumber)).toEqual([1, -6, 11, -6]);
});

test('of a constructed network the eigenvalues are the diagonal, exactly', async () => {
  const { x, network } = await buildTheorem1({
    sample: generatedPoints({ n: 40, d: 3072, draw: stream(1, 'generated-points') }),
    labels: Array.from({ length: 40 }, (_, i) => i % 10),
    projection: 'integers-53',
    draw: stream(1, 'projection'),
  });
  expect(checkEigenvalues(x, network.b)).toEqual({ size: 16, onDiagonal: true });
});

test('of biases that do not interleave they are not', () => {
  expect(checkEigenvalues(Float64Array.of(2, 3), Float64Array.of(0, 1)).onDiagonal).toBe(false);
});

test('one point has one eigenvalue', () => {
  expect(checkEigenvalues(Float64Array.of(5), Float64Array.of(4))).toEqual({ size: 1, onDiagonal: true });
});
