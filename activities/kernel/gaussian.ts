/** The Gaussian kernel k(x, x') = exp(−γ‖x − x'‖²) on pixels / 255 (Section 5), block by block.
 *
 *  ‖x − x'‖² = ‖x‖² + ‖x'‖² − 2⟨x, x'⟩, with the products in float32, where they are twice as fast and, on pixels,
 *  exact (points.ts). A float64 block of pixels is exact up to float64's exponential; a float32 block within 6e-8. */
import { ranges } from './blocks.ts';
import { operations, part } from './operations.ts';
import { type DevicePoints, EXACT_COLUMNS } from './points.ts';
import type { Real, Ref, Session } from './session.ts';

/** For MNIST; published with a test error of 1.22 %, all 60,000 points. The paper names no bandwidth. */
export const PUBLISHED_GAMMA = 0.02;

/** Rows of points: [first, how many]. */
export type Rows = [first: number, count: number];

/** Gives the values of a kernel between some points and others, [rows, columns]. */
export type KernelBlock = (session: Session, type: Real, rows: Rows, columns: Rows) => Ref;

/** Between points `from` (rows) and `to` (columns), which have one `unit`. */
export function gaussianBlock(gamma: number, from: DevicePoints, to: DevicePoints): KernelBlock {
  return (session, type, rows, columns) => {
    const float32 = operations(session, 'float32');
    const { cast, sum, add, times, scalar, exp, transpose } = operations(session, type);
    const minusTwo = float32.scalar(-2);
    const terms = ranges(from.d, EXACT_COLUMNS).map(({ first, size }) => {
      const x = part(session, from.matrix.value, 'float32', { rows, columns: [first, size] });
      const z = part(session, to.matrix.value, 'float32', { rows: columns, columns: [first, size] });
      const square = (of: Ref) => cast(float32.sumOver('columns', float32.times(of, of)), 'float32');
      return {
        product: cast(float32.product(float32.times(x, minusTwo), z, { b: true }), 'float32'),
        x: square(x),
        z: square(z),
      };
    });
    const distance = add(
      add(sum(terms.map(({ product }) => product)), sum(terms.map(({ x }) => x))),
      transpose(sum(terms.map(({ z }) => z))),
    );
    return exp(times(distance, scalar(-gamma * from.unit ** 2)));
  };
}

/** The kernel of points with themselves, plus `value` on the diagonal. */
export function withDiagonal(kernel: KernelBlock, value: number): KernelBlock {
  if (value === 0) return kernel;
  return (session, type, rows, columns) => {
    const values = kernel(session, type, rows, columns);
    if (rows[0] !== columns[0]) return values;
    const { add, times, identity, scalar } = operations(session, type);
    return add(values, times(identity(rows[1]), scalar(value)));
  };
}
