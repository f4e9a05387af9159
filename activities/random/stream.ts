/** Named streams of random numbers. Every purpose has its own, and every index within it (an epoch, an image, a
 *  layer): drawing more from one moves no other, and none has to be replayed to be entered. */
import { threefry } from './threefry.ts';

/** The numbers are part of every result: they are never changed and never given to another purpose. */
const PURPOSES = {
  initialisation: 1,
  'batch-order': 2,
  'label-corruption': 3,
  'pixel-permutation': 4, // shuffled pixels: one for all images
  'train-pixel-permutation': 5, // random pixels: one index an image
  'test-pixel-permutation': 6,
  'train-gaussian-pixels': 7, // one index an image
  'test-gaussian-pixels': 8,
  procedural: 9, // one index an image
  crop: 10, // one index a step
  flip: 11, // one index a step
  rotate: 12, // one index a step
  dropout: 13, // one index a step
  'image-label': 20, // one stream an image, see data/imagenet/draws.ts
  'image-window': 21, // one stream an image and epoch
  projection: 30, // of Theorem 1
  'generated-points': 31,
  'rademacher-signs': 32,
  'real-labels': 33,
  'kernel-landmarks': 40,
  'random-filters': 41, // one index a filter
  'random-centres': 42, // one index a centre
  'forced-labels': 43,
  faults: 50, // of `npm run faults`; one index a deal
  'linear-start': 51,
} as const;

export type Purpose = keyof typeof PURPOSES;

export interface Stream {
  /** An integer in [0, 2³²); takes one place of the stream. */
  uint32(): number;
  /** A multiple of 2⁻⁵³ in [0, 1); takes two places. */
  uniform(): number;
  /** An integer in [0, n) for 0 < n ≤ 2³², every one equally likely: a draw from the incomplete last round of n
   *  within 2³² is thrown away and drawn again. */
  below(n: number): number;
  /** A standard normal number. */
  normal(): number;
  /** The same stream from its `position`-th uint32 on, counted from its start; up to 2³³. */
  at(position: number): Stream;
}

/** seed and index: uint32. */
export function stream(seed: number, purpose: Purpose, index = 0): Stream {
  return streamFrom(seed, PURPOSES[purpose], index, 0);
}

/** A uniform permutation of 0 … n − 1 (Fisher–Yates): uint32 [n]. */
export function permutation(n: number, { below }: Stream): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let last = n - 1; last > 0; last--) {
    const chosen = below(last + 1);
    const swapped = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = swapped;
  }
  return order;
}

function streamFrom(seed: number, purpose: number, index: number, position: number): Stream {
  const block = new Uint32Array(2);
  let next = position;
  let spare: number | null = null;
  if (next % 2 === 1) threefry(seed, purpose, index, (next - 1) / 2, block);

  const uint32 = () => {
    const half = next % 2;
    if (half === 0) threefry(seed, purpose, index, next / 2, block);
    next++;
    return block[half]!;
  };

  const uniform = () => {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };

  const below = (n: number) => {
    const whole = 2 ** 32 - (2 ** 32 % n);
    let drawn = uint32();
    while (drawn >= whole) drawn = uint32();
    return drawn % n;
  };

  // Box–Muller in Marsaglia's polar form: the language leaves the last bits of sine, cosine and logarithm to the
  // engine, and this needs the logarithm alone.
  const normal = () => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        spare = y * scale;
        return x * scale;
      }
    }
  };

  return { uint32, uniform, below, normal, at: (from) => streamFrom(seed, purpose, index, from) };
}
