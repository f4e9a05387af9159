/** Points of a kernel on the device, and how they are prepared so that float32 products of them are exact.
 *
 *  Distances do not change when all points are shifted. Pixels less 128 are integers of at most 2⁷, and a sum of at
 *  most 1,024 products of two of them is below 2²⁴: every partial sum is a float32, whatever the order. */
import type { Session, Variable } from './session.ts';

/** Rows of float32 [n, d]; a distance between two, times `unit`, is the distance that is meant. */
export interface Points {
  n: number;
  d: number;
  data: Float32Array<ArrayBuffer>;
  unit: number;
}

/** As many columns as a float32 product of pixels may sum up exactly. */
export const EXACT_COLUMNS = 1024;

const MIDDLE = 128;

/** Pixels uint8 [n, d], meant as pixels / 255. */
export function pixelPoints(pixels: Uint8Array, d: number): Points {
  const data = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) data[i] = pixels[i]! - MIDDLE;
  return { n: pixels.length / d, d, data, unit: 1 / 255 };
}

/** How features become points: shifted by `centre`, float32 [d], in steps of `unit`. */
export interface Steps {
  centre: Float32Array;
  unit: number;
}

/** Features float32 [n, d], rounded to as many steps as pixels have, so that their kernel too is exact and as positive
 *  definite as a kernel is. What lies beyond the features that the steps are of is moved to their end. */
export function featurePoints(
  features: Float32Array,
  d: number,
  { centre, unit }: Steps = stepsOf(features, d),
): Points {
  const most = MIDDLE - 1;
  const data = new Float32Array(features.length);
  for (let i = 0; i < features.length; i++) {
    const steps = Math.round((features[i]! - centre[i % d]!) / unit);
    data[i] = Math.min(most, Math.max(-most, steps));
  }
  return { n: features.length / d, d, data, unit };
}

/** Of the training features; those of test images take the same. */
export function stepsOf(features: Float32Array, d: number): Steps {
  const centre = mean(features, d);
  let most = 0;
  for (let i = 0; i < features.length; i++) most = Math.max(most, Math.abs(features[i]! - centre[i % d]!));
  return { centre, unit: most / (MIDDLE - 1) };
}

/** Of the rows of float32 [n, d]: float32 [d]. */
function mean(features: Float32Array, d: number): Float32Array {
  const sums = new Float64Array(d);
  for (let i = 0; i < features.length; i++) sums[i % d]! += features[i]!;
  return Float32Array.from(sums, (sum) => (sum * d) / features.length);
}

/** Some of the points, in the order of their indices. */
export function selectPoints({ d, data, unit }: Points, indices: ArrayLike<number>): Points {
  const selected = new Float32Array(indices.length * d);
  for (let i = 0; i < indices.length; i++) {
    selected.set(data.subarray(indices[i]! * d, (indices[i]! + 1) * d), i * d);
  }
  return { n: indices.length, d, data: selected, unit };
}

export interface DevicePoints {
  n: number;
  d: number;
  unit: number;
  /** float32 [n, d] */
  matrix: Variable;
}

export async function placePoints(session: Session, { n, d, unit, data }: Points): Promise<DevicePoints> {
  const matrix = session.variable('float32', [n, d]);
  await session.write(matrix, data);
  return { n, d, unit, matrix };
}
