/** What floating point does to the sample at hand: the largest error over its first n points, by arithmetic and by where
 *  biases sit in their gaps (rounding.ts). Half a second for all nine lines at n = 50,000. */
import { sizesUpTo } from './projection-grid.ts';
import { errorAgainstN, type RoundingError, type Setting } from './rounding.ts';
import type { Theorem1 } from './theorem-1.ts';
import { WHOLE_GAP } from './triangle.ts';

/** Behind the bias: a quarter of the gap, half of it, all of it. */
const GAP_FRACTIONS = [1 / 4, 1 / 2, WHOLE_GAP];

const SETTINGS: Setting[] = (['float32', 'float64', 'double-double'] as const).flatMap((precision) =>
  GAP_FRACTIONS.map((gapFraction): Setting => ({ precision, gapFraction, summation: 'kink' })),
);

/** Points in the order of the sample. */
export function* measureErrors({ points, x, y }: Theorem1): Generator<RoundingError> {
  const places = Array.from(points, (_, place) => place).sort((i, j) => points[i]! - points[j]!);
  const projections = Float64Array.from(places, (place) => x[place]!);
  const labels = Float64Array.from(places, (place) => y[place]!);
  yield* errorAgainstN({ projections, labels }, sizesUpTo(points.length), SETTINGS);
}
