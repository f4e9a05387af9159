/** n × m vectors, float64 in C order outside of TensorFlow, and in blocks of rows inside. */
import type { Range } from './blocks.ts';
import type { Feed, Real, Reals, Ref, Session } from './session.ts';

export type Vectors = Float64Array<ArrayBuffer>;

/** A linear map of float64 [n, m] to itself. */
export type Operator = (vectors: Vectors) => Promise<Vectors>;

export interface VectorInput {
  /** One of each range, [size, m]. */
  refs: Ref[];
  feeds(vectors: Vectors): Feed[];
  /** Vectors out of results in the same ranges. */
  joined(parts: Reals[]): Vectors;
}

export function vectorInput(session: Session, type: Real, ranges: Range[], m: number): VectorInput {
  const refs = ranges.map(({ size }) => session.placeholder(type, [size, m]));
  const of = { float32: Float32Array, float64: Float64Array }[type];
  return {
    refs,
    feeds: (vectors) =>
      ranges.map(({ first, size }, i) => {
        const data = of.from(vectors.subarray(first * m, (first + size) * m));
        return { at: refs[i]!, type, shape: [size, m], data };
      }),
    joined(parts) {
      const { first, size } = ranges.at(-1)!;
      const vectors = new Float64Array((first + size) * m);
      for (const [i, values] of parts.entries()) vectors.set(values, ranges[i]!.first * m);
      return vectors;
    },
  };
}
