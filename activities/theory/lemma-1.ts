/** Lemma 1 (Section 4): the eigenvalues of A = [max(xᵢ − bⱼ, 0)] are its diagonal. A triangular matrix has no others, so
 *  to read them off would check nothing: here the characteristic polynomial is computed the way that knows of no triangle
 *  (Faddeev and LeVerrier's, from traces of products), in exact arithmetic, and compared with the one whose roots are
 *  the diagonal. O(m⁴) operations on numbers of up to m times the bits of an entry: 16 rows take some hundredths of a
 *  second. */
import { equal, RATIONAL, type Rational } from './rational.ts';

const ROWS = 16;

export interface Eigenvalues {
  /** Rows and columns that were looked at: the first ones, of the points that project lowest. */
  size: number;
  /** The characteristic polynomial is ∏ᵢ (λ − (xᵢ − bᵢ)), coefficient by coefficient. */
  onDiagonal: boolean;
}

/** x, b: float64 [n], in order. */
export function checkEigenvalues(x: Float64Array, b: Float64Array): Eigenvalues {
  const size = Math.min(ROWS, x.length);
  const matrix = lemmaMatrix(x.subarray(0, size), b.subarray(0, size));
  const diagonal = matrix.map((row, i) => row[i]!);
  const fromRoots = polynomialOf(diagonal);
  return {
    size,
    onDiagonal: characteristicPolynomial(matrix).every((value, i) => equal(value, fromRoots[i]!)),
  };
}

/** max(xᵢ − bⱼ, 0): [n][n]. */
function lemmaMatrix(x: Float64Array, b: Float64Array): Rational[][] {
  const { of, subtract, sign } = RATIONAL;
  return Array.from(x, (xi) =>
    Array.from(b, (bj) => {
      const difference = subtract(of(xi), of(bj));
      return sign(difference) > 0 ? difference : of(0);
    }),
  );
}

/** Coefficients of det(λI − A), of λᵐ first. M₁ = I; cₖ = −tr(A·Mₖ)/k; Mₖ₊₁ = A·Mₖ + cₖ·I. */
export function characteristicPolynomial(a: Rational[][]): Rational[] {
  const { of, add, multiply, divide, subtract } = RATIONAL;
  const coefficients = [of(1)];
  let m = a.map((_, i) => a.map((_, j) => of(i === j ? 1 : 0)));
  for (let k = 1; k <= a.length; k++) {
    const product = a.map((row) =>
      row.map((_, j) => row.reduce((sum, value, l) => add(sum, multiply(value, m[l]![j]!)), of(0))),
    );
    const trace = product.reduce((sum, row, i) => add(sum, row[i]!), of(0));
    const c = subtract(of(0), divide(trace, of(k)));
    coefficients.push(c);
    m = product.map((row, i) => row.map((value, j) => (i === j ? add(value, c) : value)));
  }
  return coefficients;
}

/** ∏ (λ − root), of the highest power first. */
function polynomialOf(roots: Rational[]): Rational[] {
  const { of, multiply, subtract } = RATIONAL;
  const shifted = (polynomial: Rational[], root: Rational) =>
    [...polynomial, of(0)].map((value, i) =>
      i === 0 ? value : subtract(value, multiply(root, polynomial[i - 1]!)),
    );
  return roots.reduce(shifted, [of(1)]);
}
