/** What scipy_values.py recorded, and the bytes that its samples are of. */
import { z } from 'zod';
import recorded from './scipy.json' with { type: 'json' };

const Numbers = z.array(z.number());
const Rows = z.array(Numbers);

const Recorded = z.object({
  kernel: z.object({
    n: z.int(),
    d: z.int(),
    gamma: z.number(),
    l2: z.number(),
    kernel: Numbers,
    alpha: Rows,
    alphaWithL2: Rows,
    norm: z.number(),
    leaveOneOut: Rows,
    condition: z.number(),
  }),
  theorem: z.object({
    x: Numbers,
    b: Numbers,
    y: Numbers,
    weights: Numbers,
    smallestEigenvalue: z.number(),
    rank: z.int(),
  }),
});

export const SCIPY = Recorded.parse(recorded);

/** A linear congruential generator's upper bytes. */
export function randomBytes(count: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
