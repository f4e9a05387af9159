/** Theorem 1, Lemma 1 and Corollary 1 (claim C), checked by construction. */
import type { LedgerRecord } from './record.ts';

const SHARED = {
  artifact: 'theorem-1',
  supports: 'C',
  published: null,
  judgedAt: ['quick', 'paper'],
  seeds: 1,
  openChoices: [],
} satisfies Partial<LedgerRecord>;

export const THEOREM_1_RECORDS: LedgerRecord[] = [
  {
    ...SHARED,
    id: 'theorem-1.any-labelling',
    where: 'Theorem 1, Section 4',
    says: 'A two-layer ReLU network with 2n + d weights represents any labelling of n points in d dimensions.',
    measure:
      'Largest error of the constructed network on its own sample with random labels; weights counted.',
    tolerance:
      'Every label by its nearest class, 2n + d weights exactly: arithmetic is finite, the theorem is not.',
  },
  {
    ...SHARED,
    id: 'theorem-1.lemma-1',
    where: 'Lemma 1, Section 4',
    says: 'The matrix max(xᵢ − bⱼ, 0) of interleaved x and b has full rank; its smallest eigenvalue is min xᵢ − bᵢ.',
    measure: 'Triangle and diagonal of the matrix; its eigenvalues at a size where they can be computed.',
    tolerance: 'The triangle exactly; the eigenvalue to 1e-9 of itself, rounding of float64.',
  },
  {
    ...SHARED,
    id: 'theorem-1.corollary-1',
    where: 'Corollary 1, Section 4',
    says: 'For every k ≥ 2 a network of depth k, width O(n/k) and O(n + d) weights does the same.',
    measure: 'The network constructed for several k: width, weights, and errors on its own sample.',
    tolerance:
      'Every label by its nearest class; width and weights below the bounds with the constants stated.',
  },
];
