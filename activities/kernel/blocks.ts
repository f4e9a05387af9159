/** A symmetric matrix as the blocks of its lower triangle, half of the memory: float32 [60,000, 60,000] takes 7.2 GB. */

export interface Range {
  first: number;
  size: number;
}

/** Ranges of at most `most` that cover 0 … n − 1. */
export function ranges(n: number, most: number): Range[] {
  return Array.from({ length: Math.ceil(n / most) }, (_, i) => ({
    first: i * most,
    size: Math.min(most, n - i * most),
  }));
}

/** Smaller ones waste less on the diagonal, where TensorFlow factors on one thread; larger ones make fewer nodes. */
export const blockSize = (n: number) => (n <= 16_384 ? 1024 : 2048);

/** One value for each block (i, j), i ≥ j, row by row. */
export class LowerBlocks<T> {
  readonly ranges: Range[];
  readonly #blocks: T[];

  constructor(blockRanges: Range[], make: (i: number, j: number) => T) {
    this.ranges = blockRanges;
    this.#blocks = blockRanges.flatMap((_, i) => Array.from({ length: i + 1 }, (_, j) => make(i, j)));
  }

  at(i: number, j: number): T {
    return this.#blocks[(i * (i + 1)) / 2 + j]!;
  }
}

/** Consecutive parts of a list in which the costs sum up to at most `most`, or that are one element: the runs of a
 *  session that computes all of its nodes at once and so holds all of their results. */
export function inPortions<T>(list: T[], cost: (element: T) => number, most: number): T[][] {
  const portions: T[][] = [];
  let room = 0;
  for (const element of list) {
    const wanted = cost(element);
    if (wanted > room) {
      portions.push([]);
      room = most;
    }
    portions.at(-1)!.push(element);
    room -= wanted;
  }
  return portions;
}

/** What temporary results of one run may take. */
export const RUN_BYTES = 2 ** 29;
