/** Threefry-2x32 with 20 rounds (Salmon et al. 2011, *Parallel random numbers: as easy as 1, 2, 3*): a random block
 *  is a function of a key and a counter, so any block can be had without the ones before it. */

const PARITY = 0x1bd11bda;
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** Writes the block of (key0, key1) and (counter0, counter1), all of them uint32, into `block`: uint32 [2]. */
export function threefry(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  block: Uint32Array,
): void {
  const keys = [key0, key1, PARITY ^ key0 ^ key1];
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  for (let group = 1; group <= 5; group++) {
    const [a, b, c, d] = ROTATIONS[(group + 1) & 1]!;
    x = (x + y) | 0;
    y = ((y << a) | (y >>> (32 - a))) ^ x;
    x = (x + y) | 0;
    y = ((y << b) | (y >>> (32 - b))) ^ x;
    x = (x + y) | 0;
    y = ((y << c) | (y >>> (32 - c))) ^ x;
    x = (x + y) | 0;
    y = ((y << d) | (y >>> (32 - d))) ^ x;
    x = (x + keys[group % 3]!) | 0;
    y = (y + keys[(group + 1) % 3]! + group) | 0;
  }
  block[0] = x;
  block[1] = y;
}
