/** What decides the last bits of a training's sums, beside its trajectory: on two machines that agree in it the bytes are
 *  the same. A checkpoint remembers all that its state was computed on, so that a result of more than one says so. */
import { z } from 'zod';

export const Numerics = z.strictObject({
  /** `cpu`, or the name of a GPU. */
  device: z.string(),
  /** What computes, with its version. */
  library: z.string(),
  /** Of the CPU, as far as libraries choose their kernels by it. */
  instructionSet: z.string(),
  threads: z.int().positive(),
});
export type Numerics = z.infer<typeof Numerics>;

/** From `step` on, until the next one. */
export const Stretch = Numerics.extend({ step: z.int().nonnegative() });
export type Stretch = z.infer<typeof Stretch>;

/** A training that goes on at `step`: where it did before, or elsewhere. */
export function continued(before: Stretch[], step: number, here: Numerics): Stretch[] {
  const last = before.at(-1);
  return last && sameNumerics(last, here) ? before : [...before, { step, ...here }];
}

export const sameNumerics = (one: Numerics, other: Numerics) =>
  one.device === other.device &&
  one.library === other.library &&
  one.instructionSet === other.instructionSet &&
  one.threads === other.threads;
