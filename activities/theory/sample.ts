/** A finite sample z₁ … zₙ of points in d dimensions, read block by block, so that it need not fit in memory. */
import { Failure } from '../failure/failure.ts';

export type Coordinates = Uint8Array | Float32Array | Float64Array;

export interface Sample {
  /** Number of points. */
  n: number;
  /** Coordinates of a point. */
  d: number;
  /** No coordinate is larger in magnitude: 255 for bytes. */
  largest: number;
  /** Every coordinate is a whole number. */
  whole: boolean;
  /** The points in their order, some at a time: [points, d]. The same points at every call; a block may be overwritten
   *  as soon as the next one is asked for. */
  blocks(): Iterable<Coordinates> | AsyncIterable<Coordinates>;
}

const BLOCK_COORDINATES = 2 ** 20; // a few milliseconds of projection

/** points: [n, d], in memory. Coordinates that are not finite are refused. */
export function sampleOf(points: Coordinates, d: number): Sample {
  const rows = Math.max(1, Math.floor(BLOCK_COORDINATES / d));
  const bytes = points instanceof Uint8Array;
  return {
    n: points.length / d,
    d,
    largest: bytes ? 255 : largestMagnitude(points, d),
    whole: bytes || points.every(Number.isInteger),
    *blocks() {
      for (let from = 0; from < points.length; from += rows * d) yield points.subarray(from, from + rows * d);
    },
  };
}

function largestMagnitude(points: Coordinates, d: number): number {
  let largest = 0;
  for (let i = 0; i < points.length; i++) {
    const magnitude = Math.abs(points[i]!);
    if (!Number.isFinite(magnitude)) {
      throw new Failure(
        'InvalidInput',
        `Coordinate ${i % d} of point ${Math.floor(i / d)} is ${points[i]}, expected a finite number: leave the point out.`,
      );
    }
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}

/** Every point with its index; `point` is a view that lasts until the next one. */
export async function* pointsOf({ d, blocks }: Sample): AsyncGenerator<[index: number, point: Coordinates]> {
  let index = 0;
  for await (const block of blocks()) {
    for (let from = 0; from < block.length; from += d) yield [index++, block.subarray(from, from + d)];
  }
}

/** The points with these indices, in one reading: coordinates [d] by index. */
export async function pointsAt(
  { d, blocks }: Sample,
  indices: Iterable<number>,
): Promise<Map<number, Coordinates>> {
  const wanted = [...new Set(indices)].sort((i, j) => i - j);
  const found = new Map<number, Coordinates>();
  let first = 0; // of the block
  let next = 0; // in `wanted`
  for await (const block of blocks()) {
    const end = first + block.length / d;
    for (; next < wanted.length && wanted[next]! < end; next++) {
      const from = (wanted[next]! - first) * d;
      found.set(wanted[next]!, block.slice(from, from + d));
    }
    if (next === wanted.length) break;
    first = end;
  }
  return found;
}

/** Its first points, or all where there are fewer. */
export function firstPoints(sample: Sample, count: number): Sample {
  const n = Math.min(count, sample.n);
  return {
    ...sample,
    n,
    async *blocks() {
      let left = n * sample.d;
      for await (const block of sample.blocks()) {
        yield block.length > left ? block.subarray(0, left) : block;
        left -= block.length;
        if (left <= 0) return;
      }
    },
  };
}

/** A sample that says, block by block, how many points were read, and waits until that is taken in. */
export function watched(sample: Sample, seen: (points: number) => Promise<void>): Sample {
  return {
    ...sample,
    async *blocks() {
      let points = 0;
      for await (const block of sample.blocks()) {
        yield block;
        points += block.length / sample.d;
        await seen(points);
      }
    },
  };
}
