/** A projection in which all different points of a sample are told apart: drawn, tried, and drawn again. */
import { Failure } from '../failure/failure.ts';
import type { Stream } from '../random/stream.ts';
import { drawProjection, type ProjectionKind, project } from './projection.ts';
import type { Sample } from './sample.ts';
import { findDifferent, type Pair, type Separated, separate } from './separation.ts';

const DRAWS = 32; // random bytes in 53 bits need a second one once in about 10⁵ samples of 50,000

export interface DistinctProjection {
  /** float64 [d] */
  a: Float64Array;
  /** This one included. */
  draws: number;
  /** Tied points are equal points. */
  separated: Separated;
}

export async function drawSeparating(
  sample: Sample,
  projection: ProjectionKind,
  draw: Stream,
): Promise<DistinctProjection> {
  let collided: Pair | null = null;
  for (let draws = 1; draws <= DRAWS; draws++) {
    const a = drawProjection(projection, sample, draw);
    const separated = separate(checkProjections(await project(sample, a)));
    collided = await findDifferent(sample, separated.tied);
    if (collided === null) return { a, draws, separated };
  }
  throw new Failure(
    'InvalidInput',
    `None of ${DRAWS} projections of kind ${projection} told all ${sample.n} points apart (points ${collided?.join(
      ' and ',
    )} met in the last one): ${projection === 'integers-53' ? 'take gaussian' : 'take integers-53'}, or fewer points.`,
  );
}

function checkProjections(x: Float64Array): Float64Array {
  const point = x.findIndex((value) => !Number.isFinite(value));
  if (point < 0) return x;
  throw new Failure(
    'InvalidInput',
    `The projection of point ${point} is ${x[point]}, expected a finite number: its coordinates are not all finite.`,
  );
}
