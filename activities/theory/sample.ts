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
