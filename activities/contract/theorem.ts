/** Theorem 1, Lemma 1 and Corollary 1 on one sample. */
import { z } from 'zod';
import { type DatasetId, ObjectRef } from './runs.ts';

/** Largest |c(zᵢ) − yᵢ|; null where a value is not a finite number. */
const LargestError = z.number().nullable();
const InFloats = z.strictObject({ float64: LargestError, doubleDouble: LargestError });
const Rounding = z.strictObject({ largestError: LargestError, wrong: z.int() });
/** Weights rounded each by itself, or each making up for the rounding of those before. */
const StorageError = z.strictObject({ roundedAlone: z.number(), roundedInTurn: z.number() });

/** What Theorem 1, Lemma 1 and Corollary 1 came to on one sample: `theorem-1.json`. */
export const TheoremNumbers = z.strictObject({
  /** Distinct points. */
  n: z.int().positive(),
  d: z.int().positive(),
  /** Further points that are an earlier one again, with its label. */
  merged: z.int().nonnegative(),
  /** Projections drawn until one told all points apart. */
  draws: z.int().positive(),
  weights: z.int().positive(),
  largestError: InFloats,
  /** Rational weights: points at which the output equals the label. */
  exact: z.strictObject({
    points: z.int(),
    equal: z.int(),
    /** Of the longest numerator or denominator of a weight. */
    largestBits: z.int(),
    storage: z.strictObject({ float64: StorageError, float32: StorageError }),
  }),
  lemma1: z.strictObject({
    triangular: z.boolean(),
    smallestDiagonal: z.number(),
    /** Of the first `size` rows and columns: whether the diagonal has all eigenvalues, exactly. */
    eigenvalues: z.strictObject({ size: z.int(), onDiagonal: z.boolean() }),
  }),
  /** One row a depth. evaluated: points that the network was tried on, spread evenly over the projections. */
  corollary1: z.array(
    z.strictObject({
      k: z.int(),
      depth: z.int(),
      width: z.int(),
      weights: z.int(),
      evaluated: z.int(),
      largestError: InFloats,
    }),
  ),
  /** Of the first n points. */
  errorAgainstN: z.array(
    z.strictObject({
      n: z.int(),
      precision: z.enum(['float32', 'float64', 'double-double']),
      /** Of the gap before a point, the part behind its bias. */
      gapFraction: z.number(),
      /** Evaluated as the weights were computed, and what these weights are in double-double. */
      asComputed: Rounding,
      ofWeights: Rounding,
      overflowsAt: z.int().nullable(),
    }),
  ),
  /** Of the first n of some thousand points, by projection: at projections whose terms are added up in the order of
   *  those that the weights come from, and in the reverse one. */
  errorByProjection: z.array(
    z.strictObject({
      n: z.int(),
      projection: z.enum(['integers-53', 'integers-24', 'gaussian', 'unit-vector', 'coordinate']),
      precision: z.enum(['float32', 'float64', 'double-double']),
      gapFraction: z.number(),
      sameOrder: Rounding,
      reverseOrder: Rounding,
    }),
  ),
  /** The network of a few points: projections, biases, weights, labels, in ascending order. */
  small: z.strictObject({
    x: z.array(z.number()),
    b: z.array(z.number()),
    w: z.array(z.number()),
    y: z.array(z.number()),
  }),
});
export type TheoremNumbers = z.infer<typeof TheoremNumbers>;

/** What Theorem 1 is held to: a data set's first training images, null all of them, or so many generated points. */
export type TheoremSample = { dataset: DatasetId; points: number | null } | { generated: number };

/** Heartbeat of Theorem 1 and of linear models: what is being done, and of what goes point by point how many of n, at which speed. */
export const TheoremProgress = z.strictObject({
  stretch: z.string(),
  points: z.strictObject({ done: z.int(), n: z.int(), perSecond: z.number() }).nullable(),
});
export type TheoremProgress = z.infer<typeof TheoremProgress>;

/** Theorem 1 on one sample, in open formats. */
export const FittedTheorem = z.strictObject({
  folder: z.string(),
  /** TheoremNumbers */
  numbers: ObjectRef,
  /** float64 [d], [n] and [n] */
  a: ObjectRef,
  b: ObjectRef,
  w: ObjectRef,
  /** The network of the first points as dense layers that float32 holds. */
  tiedNetwork: ObjectRef,
  corollary1: ObjectRef,
  errorAgainstN: ObjectRef,
  errorByProjection: ObjectRef,
  provenance: ObjectRef,
  points: z.strictObject({ distinct: z.int(), merged: z.int(), dimensions: z.int() }),
});
export type FittedTheorem = z.infer<typeof FittedTheorem>;
