/** K = L·Lᵀ in blocks, in place: n³/3 multiply-adds, all but the diagonal blocks as matrix products on all cores. The
 *  diagonal keeps the inverses of L's diagonal blocks, so that substitution is products too. In float32 it runs at
 *  twice float64's speed and makes conjugate gradients converge in a few steps; in float64 it gives K⁻¹'s diagonal. */
import { inPortions, RUN_BYTES } from './blocks.ts';
import { BYTES, type SymmetricMatrix } from './matrix.ts';
import { assign, operations } from './operations.ts';
import type { Ref, Session } from './session.ts';
import { type Operator, vectorInput } from './vectors.ts';

/** Overwrites the matrix by its factor. False if it is not positive definite in the matrix's own arithmetic; then the
 *  blocks hold nothing of use. */
export async function factor(session: Session, { type, blocks }: SymmetricMatrix): Promise<boolean> {
  const { product, cholesky, triangularInverse, sumOver } = operations(session, type);
  const { ranges } = blocks;
  for (const [k, { size }] of ranges.entries()) {
    const below = [...ranges.keys()].slice(k + 1);
    const inverse = triangularInverse(cholesky(blocks.at(k, k).value), size);
    const targets = [
      assign(session, blocks.at(k, k), inverse),
      ...below.map((i) =>
        assign(session, blocks.at(i, k), product(blocks.at(i, k).value, inverse, { b: true })),
      ),
    ];
    const [sum] = await session.run({ fetches: [sumOver('columns', sumOver('rows', inverse))], targets });
    if (!Number.isFinite(sum![0])) return false;

    const trailing = below.flatMap((i) => below.filter((j) => j <= i).map((j): [number, number] => [i, j]));
    const bytes = ([i, j]: [number, number]) => BYTES[type] * ranges[i]!.size * ranges[j]!.size;
    for (const portion of inPortions(trailing, bytes, RUN_BYTES)) {
      const updates = portion.map(([i, j]) => {
        const update = product(blocks.at(i, k).value, blocks.at(j, k).value, { b: true });
        return assign(session, blocks.at(i, j), update, 'subtract');
      });
      await session.run({ targets: updates });
    }
  }
  return true;
}

/** vectors ↦ L⁻ᵀ·L⁻¹·vectors, in the factor's type. */
export function substitution(session: Session, { type, blocks }: SymmetricMatrix, m: number): Operator {
  const { product, subtract, sum } = operations(session, type);
  const { ranges } = blocks;
  const input = vectorInput(session, type, ranges, m);
  const less = (from: Ref, terms: Ref[]) => (terms.length === 0 ? from : subtract(from, sum(terms)));

  const forward: Ref[] = [];
  for (const [i, given] of input.refs.entries()) {
    const known = forward.map((solved, j) => product(blocks.at(i, j).value, solved));
    forward.push(product(blocks.at(i, i).value, less(given, known)));
  }
  const backward: Ref[] = [];
  for (const i of [...ranges.keys()].reverse()) {
    const known = [...ranges.keys()]
      .slice(i + 1)
      .map((j) => product(blocks.at(j, i).value, backward[j]!, { a: true }));
    backward[i] = product(blocks.at(i, i).value, less(forward[i]!, known), { a: true });
  }
  return async (vectors) =>
    input.joined(await session.run({ feeds: input.feeds(vectors), fetches: backward }));
}

/** The diagonal of K⁻¹ = L⁻ᵀ·L⁻¹, float64 [n]: the sums of squares of L⁻¹'s columns, another n³/3. */
export async function inverseDiagonal(
  session: Session,
  { type, n, blocks }: SymmetricMatrix,
): Promise<Float64Array> {
  const { product, sum, times, subtract, scalar, sumOver } = operations(session, type);
  const { ranges } = blocks;
  const zero = scalar(0);
  const diagonal = new Float64Array(n);
  for (const [j, { first }] of ranges.entries()) {
    const column: Ref[] = [blocks.at(j, j).value]; // rows j, j + 1, … of L⁻¹
    for (let i = j + 1; i < ranges.length; i++) {
      const known = sum(column.map((above, place) => product(blocks.at(i, j + place).value, above)));
      column.push(subtract(zero, product(blocks.at(i, i).value, known)));
    }
    const squares = sum(column.map((block) => sumOver('rows', times(block, block))));
    const [values] = await session.run({ fetches: [squares] });
    diagonal.set(values!, first);
  }
  return diagonal;
}
