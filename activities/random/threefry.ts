/** Threefry-2x32 with 20 rounds (Salmon et al. 2011, *Parallel random numbers: as easy as 1, 2, 3*): a random block
 *  is a function of a key and a counter, so any block can be had without the ones before it. */

const PARITY = 0x1bd11bda;

/** Writes the block of (key0, key1) and (counter0, counter1), all of them uint32, into `block`: uint32 [2]. Tables of the
 *  rotations and keys would read better and take three times as long: most of what it costs to draw images and weights. */
export function threefry(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  block: Uint32Array,
): void {
  let [key, next, last] = [key1, PARITY ^ key0 ^ key1, key0];
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  for (let group = 1; group <= 5; group++) {
    if (group % 2 === 1) {
      x = (x + y) | 0;
      y = rotate(y, 13) ^ x;
      x = (x + y) | 0;
      y = rotate(y, 15) ^ x;
      x = (x + y) | 0;
      y = rotate(y, 26) ^ x;
      x = (x + y) | 0;
      y = rotate(y, 6) ^ x;
    } else {
      x = (x + y) | 0;
      y = rotate(y, 17) ^ x;
      x = (x + y) | 0;
      y = rotate(y, 29) ^ x;
      x = (x + y) | 0;
      y = rotate(y, 16) ^ x;
      x = (x + y) | 0;
      y = rotate(y, 24) ^ x;
    }
    x = (x + key) | 0;
    y = (y + next + group) | 0;
    [key, next, last] = [next, last, key];
  }
  block[0] = x;
  block[1] = y;
}

const rotate = (word: number, by: number) => (word << by) | (word >>> (32 - by));
