/** The projection x = ⟨a, z⟩ of Theorem 1: one pass over the data, n·d multiplications, the dearest part of the whole.
 *  How a is drawn is open in the paper, which wants distinct projections and no more. Whole numbers are drawn here: for
 *  points of whole numbers (pixels as bytes) every product and every partial sum is then a whole number that the float
 *  holds, so projections are exact in whatever order they are summed, on any machine. */
import { Failure } from '../failure/failure.ts';
import type { Stream } from '../random/stream.ts';
import type { Coordinates, Sample } from './sample.ts';

/** integers-53: uniform whole numbers, as large as sums of 53 bits allow (float64). integers-24: the same for float32,
 *  in which TensorFlow computes. gaussian: standard normal over a power of two, rounded wherever a float64 rounds;
 *  unit-vector: the same over its length. coordinate: one of the point's own, drawn. */
export type ProjectionKind = 'integers-53' | 'integers-24' | 'gaussian' | 'unit-vector' | 'coordinate';

/** a: float64 [d]. */
export function drawProjection(kind: ProjectionKind, { d, largest }: Sample, draw: Stream): Float64Array {
  if (kind === 'gaussian') {
    const unit = powerOfTwoBelow(largest);
    return Float64Array.from({ length: d }, () => draw.normal() / unit);
  }
  if (kind === 'unit-vector') {
    const normals = Float64Array.from({ length: d }, draw.normal);
    const length = Math.hypot(...normals);
    return normals.map((value) => value / length);
  }
  if (kind === 'coordinate') return new Float64Array(d).fill(1, ...oneOf(d, draw));
  const bits = kind === 'integers-53' ? 53 : 24;
  const bound = Math.floor(2 ** bits / (Math.max(largest, 1) * d)); // Σ|aⱼ|·largest ≤ 2^bits
  if (bound < 1) {
    throw new Failure(
      'InvalidInput',
      `Points of ${d} coordinates up to ${largest} overflow a projection of ${bits} bits: project them with ` +
        `${kind === 'integers-24' ? 'integers-53' : 'gaussian'}.`,
    );
  }
  return Float64Array.from({ length: d }, () => wholeWithin(bound, draw));
}

/** [j, j + 1) */
function oneOf(d: number, { below }: Stream): [number, number] {
  const j = below(d);
  return [j, j + 1];
}

/** Uniform in −bound … bound, up to rounding of a probability by 2⁻⁵³·bound. */
const wholeWithin = (bound: number, { uniform }: Stream) => Math.floor(uniform() * (2 * bound + 1)) - bound;

const LARGEST_EXPONENT = 1000; // so that its inverse, times a normal number, stays a finite float64

function powerOfTwoBelow(magnitude: number): number {
  const exponent = magnitude > 0 ? Math.floor(Math.log2(magnitude)) : 0;
  return 2 ** Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, exponent));
}

/** xᵢ = ⟨a, zᵢ⟩: float64 [n]. */
export async function project(sample: Sample, a: Float64Array): Promise<Float64Array> {
  const x = new Float64Array(sample.n);
  let points = 0;
  for await (const block of sample.blocks()) {
    projectBlock(block, a, x.subarray(points));
    points += block.length / sample.d;
  }
  if (points !== sample.n) {
    throw new Failure(
      'InvalidInput',
      `The sample has ${points} points, expected the ${sample.n} it announces.`,
    );
  }
  return x;
}

/** Four sums side by side: one waits for its own additions. */
function projectBlock(block: Coordinates, a: Float64Array, x: Float64Array): void {
  const d = a.length;
  const inFours = d - (d % 4);
  for (let from = 0, point = 0; from < block.length; from += d, point++) {
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    for (let j = 0; j < inFours; j += 4) {
      sum0 += a[j]! * block[from + j]!;
      sum1 += a[j + 1]! * block[from + j + 1]!;
      sum2 += a[j + 2]! * block[from + j + 2]!;
      sum3 += a[j + 3]! * block[from + j + 3]!;
    }
    for (let j = inFours; j < d; j++) sum0 += a[j]! * block[from + j]!;
    x[point] = sum0 + sum1 + (sum2 + sum3);
  }
}
