/** The symmetric matrix of a system and its products with n × m vectors: stored in blocks, or computed anew for every
 *  product. Products of blocks are of the blocks' type; their sums are float64. */
import { blockSize, inPortions, LowerBlocks, type Range, RUN_BYTES, ranges } from './blocks.ts';
import type { KernelBlock, Rows } from './gaussian.ts';
import { assign, operations } from './operations.ts';
import type { Real, Reals, Ref, Session, Variable } from './session.ts';
import { type Operator, type VectorInput, vectorInput } from './vectors.ts';

export interface SymmetricMatrix {
  type: Real;
  n: number;
  blocks: LowerBlocks<Variable>;
}

export const BYTES = { float32: 4, float64: 8 } as const;

export function allocateMatrix(
  session: Session,
  type: Real,
  n: number,
  size = blockSize(n),
): SymmetricMatrix {
  const all = ranges(n, size);
  const make = (i: number, j: number) => session.variable(type, [all[i]!.size, all[j]!.size]);
  return { type, n, blocks: new LowerBlocks(all, make) };
}

/** Sets every block to what the kernel gives. */
export async function fillMatrix(
  session: Session,
  { type, blocks }: SymmetricMatrix,
  kernel: KernelBlock,
): Promise<void> {
  const all = blocks.ranges;
  for (const portion of inPortions(pairs(all), bytesOf(all, type), RUN_BYTES)) {
    const targets = portion.map(([i, j]) =>
      assign(session, blocks.at(i, j), kernel(session, type, rowsOf(all[i]!), rowsOf(all[j]!))),
    );
    await session.run({ targets });
  }
}

/** A kernel whose values are those of a matrix with the same blocks. */
export function storedKernel({ type: from, blocks }: SymmetricMatrix): KernelBlock {
  const index = new Map(blocks.ranges.map(({ first }, i) => [first, i]));
  return (session, type, [row], [column]) =>
    operations(session, type).cast(blocks.at(index.get(row)!, index.get(column)!).value, from);
}

/** vectors ↦ K·vectors with the stored blocks. */
export function storedProduct(session: Session, { type, blocks }: SymmetricMatrix, m: number): Operator {
  const input = vectorInput(session, type, blocks.ranges, m);
  const read: Block = (i, j) => blocks.at(i, j).value;
  const { fetches } = blockProducts(session, type, input, pairs(blocks.ranges), read);
  return async (vectors) => input.joined(await session.run({ feeds: input.feeds(vectors), fetches }));
}

/** vectors ↦ K·vectors, every block computed in `type` and forgotten: no memory, and the kernel's time. */
export function computedProduct(
  session: Session,
  type: Real,
  { n, m, kernel }: { n: number; m: number; kernel: KernelBlock },
): Operator {
  const all = ranges(n, blockSize(n));
  const input = vectorInput(session, type, all, m);
  const compute: Block = (i, j) => kernel(session, type, rowsOf(all[i]!), rowsOf(all[j]!));
  const portions = inPortions(pairs(all), bytesOf(all, type), RUN_BYTES).map((portion) =>
    blockProducts(session, type, input, portion, compute),
  );
  return async (vectors) => {
    const feeds = input.feeds(vectors);
    const sums = new Float64Array(n * m);
    for (const { fetches, rows } of portions) {
      const parts = await session.run({ feeds, fetches });
      for (const [place, i] of rows.entries()) addAt(sums, parts[place]!, all[i]!.first * m);
    }
    return sums;
  };
}

type Block = (i: number, j: number) => Ref;

/** Nodes that multiply some blocks of a lower triangle, each used as itself and as its mirror image. Fetches are of
 *  the ranges named in `rows`, float64. */
function blockProducts(
  session: Session,
  type: Real,
  { refs }: VectorInput,
  list: [number, number][],
  block: Block,
): { rows: number[]; fetches: Ref[] } {
  const { product } = operations(session, type);
  const { cast, sum } = operations(session, 'float64');
  const terms = refs.map((): Ref[] => []);
  for (const [i, j] of list) {
    const values = block(i, j);
    terms[i]!.push(cast(product(values, refs[j]!), type));
    if (i !== j) terms[j]!.push(cast(product(values, refs[i]!, { a: true }), type));
  }
  const rows = [...terms.keys()].filter((i) => terms[i]!.length > 0);
  return { rows, fetches: rows.map((i) => sum(terms[i]!)) };
}

export const rowsOf = ({ first, size }: Range): Rows => [first, size];

/** (i, j), i ≥ j, row by row. */
export const pairs = (all: Range[]) =>
  all.flatMap((_, i) => Array.from({ length: i + 1 }, (_, j): [number, number] => [i, j]));

/** Of a block's values, its product and its distance: three of its size. */
const bytesOf =
  (all: Range[], type: Real) =>
  ([i, j]: [number, number]) =>
    3 * BYTES[type] * all[i]!.size * all[j]!.size;

function addAt(sums: Float64Array, values: Reals, at: number): void {
  for (let i = 0; i < values.length; i++) sums[at + i]! += values[i]!;
}
