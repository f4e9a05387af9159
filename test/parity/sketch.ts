/** Tensors by a few numbers, from which their distance can be told (Johnson and Lindenstrauss 1984): dot products with
 *  vectors of random signs. Of a difference e each product is ‖e‖ in the mean square, whatever e looks like. */
import { z } from 'zod';
import { threefry } from '../../activities/random/threefry.ts';

const PROJECTIONS = 8; // signs of an element: a byte
const SEED = 1;

/** norm: ‖x‖; products: with each vector. */
export const Sketch = z.strictObject({
  norm: z.number(),
  products: z.array(z.number()).length(PROJECTIONS),
});
export type Sketch = z.infer<typeof Sketch>;

export function sketch(data: ArrayLike<number>): Sketch {
  const products = new Array<number>(PROJECTIONS).fill(0);
  const block = new Uint32Array(2); // the signs of eight elements
  let squares = 0;
  for (let i = 0; i < data.length; i++) {
    if (i % 8 === 0) threefry(SEED, 0, i / 8, 0, block);
    const signs = block[(i >> 2) & 1]! >>> (8 * (i & 3));
    const value = data[i]!;
    for (let k = 0; k < PROJECTIONS; k++) products[k]! += (signs >> k) & 1 ? value : -value;
    squares += value * value;
  }
  return { norm: Math.sqrt(squares), products };
}

/** ‖found − expected‖ / ‖expected‖, within a factor of two or so. */
export function sketchDistance(found: Sketch, expected: Sketch): number {
  const squares = expected.products.map((product, k) => (found.products[k]! - product) ** 2);
  const difference = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / PROJECTIONS);
  return difference === 0 ? 0 : difference / expected.norm;
}
