/** Theorem 1 needs pairwise distinct projections, sorted. O(n log n). Points that share a projection are either the same
 *  point, which one hinge serves, or need another projection: only reading them again can tell. */
import { type Coordinates, pointsOf, type Sample } from './sample.ts';

/** Two points, the earlier one first. */
export type Pair = [first: number, further: number];

export interface Separated {
  /** Ascending, distinct: float64 [m], m ≤ n. */
  x: Float64Array;
  /** Where in x the projection of every point is: uint32 [n]. */
  rank: Uint32Array;
  /** The first point with each of them: uint32 [m]. */
  first: Uint32Array;
  /** Every further point with a projection, behind the first one. */
  tied: Pair[];
}

/** projections: float64 [n], finite. Sorting numbers alone is native and fast; a binary search then finds each rank. */
export function separate(projections: Float64Array): Separated {
  const sorted = projections.toSorted();
  const x = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const rank = Uint32Array.from(projections, (value) => position(x, value));
  const first = new Uint32Array(x.length);
  const seen = new Uint8Array(x.length);
  const tied: Pair[] = [];
  rank.forEach((place, point) => {
    if (seen[place] === 1) tied.push([first[place]!, point]);
    else first[place] = point;
    seen[place] = 1;
  });
  return { x, rank, first, tied };
}

/** Where `value` is in the ascending x, which has it. */
function position(x: Float64Array, value: number): number {
  let [low, high] = [0, x.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const HELD_COORDINATES = 2 ** 25; // what is held of the sample while it is read again: memory stays linear in n

/** A pair whose points differ, or null where every pair is one point twice. */
export async function findDifferent(sample: Sample, pairs: Pair[]): Promise<Pair | null> {
  const held = Math.max(1, Math.floor(HELD_COORDINATES / sample.d));
  for (let from = 0; from < pairs.length; from += held) {
    const different = await findDifferentInOnePass(sample, pairs.slice(from, from + held));
    if (different !== null) return different;
  }
  return null;
}

async function findDifferentInOnePass(sample: Sample, pairs: Pair[]): Promise<Pair | null> {
  const firstOf = new Map(pairs.map(([first, further]) => [further, first]));
  const firsts = new Set(firstOf.values());
  const kept = new Map<number, Coordinates>();
  for await (const [index, point] of pointsOf(sample)) {
    if (firsts.has(index)) kept.set(index, point.slice());
    const first = firstOf.get(index);
    if (first !== undefined && !isSame(kept.get(first)!, point)) return [first, index];
  }
  return null;
}

const isSame = (a: Coordinates, b: Coordinates) => a.every((value, j) => value === b[j]);
