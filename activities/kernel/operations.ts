/** TensorFlow's operations on matrices, by the names of mathematics. All of one type, `float32` or `float64`. */
import { constant, type Real, type Ref, type Session, typeAttr, type Variable } from './session.ts';

export interface Operations {
  /** op(a)·op(b), transposed where asked. */
  product(a: Ref, b: Ref, transposed?: { a?: boolean; b?: boolean }): Ref;
  /** The sum of one or more. */
  sum(terms: Ref[]): Ref;
  add(a: Ref, b: Ref): Ref;
  subtract(a: Ref, b: Ref): Ref;
  /** Element by element, with broadcasting. */
  times(a: Ref, b: Ref): Ref;
  scalar(value: number): Ref;
  exp(a: Ref): Ref;
  /** From another type, or itself where it is of this one. */
  cast(a: Ref, from: Real): Ref;
  /** The lower triangular L of A = L·Lᵀ; NaN where A is not positive definite. */
  cholesky(a: Ref): Ref;
  /** L⁻¹ of a lower triangular L [n, n]. */
  triangularInverse(lower: Ref, n: number): Ref;
  identity(n: number): Ref;
  zeros(shape: number[]): Ref;
  /** Sums over the rows, [n, m] -> [1, m], or over the columns, [n, m] -> [n, 1]. */
  sumOver(axis: 'rows' | 'columns', a: Ref): Ref;
  transpose(a: Ref): Ref;
}

export function operations(session: Session, type: Real): Operations {
  const T = typeAttr(type);
  const Tidx = typeAttr('int32');
  const { node } = session;
  const int32 = (...values: number[]) => constant(session, 'int32', [values.length], values);
  const scalar = (value: number) => constant(session, type, [], [value]);
  const filled = (shape: number[], value: number) =>
    node('Fill', [int32(...shape), scalar(value)], { T, index_type: Tidx });
  const identity = (n: number) => node('MatrixDiag', [filled([n], 1)], { T });
  return {
    product: (a, b, transposed = {}) =>
      node('MatMul', [a, b], {
        T,
        transpose_a: { b: transposed.a ?? false },
        transpose_b: { b: transposed.b ?? false },
      }),
    sum: (terms) => (terms.length === 1 ? terms[0]! : node('AddN', terms, { T, N: { i: terms.length } })),
    add: (a, b) => node('AddV2', [a, b], { T }),
    subtract: (a, b) => node('Sub', [a, b], { T }),
    times: (a, b) => node('Mul', [a, b], { T }),
    scalar,
    exp: (a) => node('Exp', [a], { T }),
    cast: (a, from) =>
      from === type ? a : node('Cast', [a], { SrcT: typeAttr(from), DstT: T, Truncate: { b: false } }),
    cholesky: (a) => node('Cholesky', [a], { T }),
    triangularInverse: (lower, n) =>
      node('MatrixTriangularSolve', [lower, identity(n)], { T, lower: { b: true }, adjoint: { b: false } }),
    identity,
    zeros: (shape) => filled(shape, 0),
    sumOver: (axis, a) =>
      node('Sum', [a, int32(axis === 'rows' ? 0 : 1)], { T, Tidx, keep_dims: { b: true } }),
    transpose: (a) => node('Transpose', [a, int32(1, 0)], { T, Tperm: Tidx }),
  };
}

/** Part of a matrix: `rows` and `columns` are [first, how many]. */
export function part(
  session: Session,
  matrix: Ref,
  type: Real,
  { rows, columns }: { rows: [number, number]; columns: [number, number] },
): Ref {
  const begin = constant(session, 'int32', [2], [rows[0], columns[0]]);
  const size = constant(session, 'int32', [2], [rows[1], columns[1]]);
  return session.node('Slice', [matrix, begin, size], { T: typeAttr(type), Index: typeAttr('int32') });
}

/** A target of a run. */
export function assign(
  session: Session,
  { handle, type }: Variable,
  value: Ref,
  how: 'set' | 'add' | 'subtract' = 'set',
): Ref {
  const op = { set: 'AssignVariableOp', add: 'AssignAddVariableOp', subtract: 'AssignSubVariableOp' }[how];
  return session.node(op, [handle, value], { dtype: typeAttr(type) });
}
