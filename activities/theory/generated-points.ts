/** Points of random bytes from a seed, never held whole: a sample of any size for the price of about a nanosecond for
 *  four coordinates. */
import type { Stream } from '../random/stream.ts';
import type { Sample } from './sample.ts';

const POINTS_PER_BLOCK = 256;
const SEEDS = 4; // uint32 a block

/** Uniform bytes, n points of d. d: a multiple of 4. The first n points do not depend on how many follow. */
export function generatedPoints({ n, d, draw }: { n: number; d: number; draw: Stream }): Sample {
  return {
    n,
    d,
    largest: 255,
    whole: true,
    *blocks() {
      const words = new Uint32Array((POINTS_PER_BLOCK * d) / Uint32Array.BYTES_PER_ELEMENT);
      const bytes = new Uint8Array(words.buffer);
      const seeds = draw.at(0);
      for (let from = 0; from < n; from += POINTS_PER_BLOCK) {
        fill(words, Uint32Array.from({ length: SEEDS }, seeds.uint32));
        yield bytes.subarray(0, Math.min(POINTS_PER_BLOCK, n - from) * d);
      }
    },
  };
}

/** Marsaglia's xorshift128 (2003). seeds: uint32 [4], not all 0, which threefry gives once in 2¹²⁸ blocks. */
function fill(words: Uint32Array, [s0, s1, s2, s3]: Uint32Array): void {
  let [x, y, z, w] = [s0! | 0, s1! | 0, s2! | 0, s3! | 0];
  for (let i = 0; i < words.length; i++) {
    const mixed = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ mixed ^ (mixed >>> 8);
    words[i] = w;
  }
}
