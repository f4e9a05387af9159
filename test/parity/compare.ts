/** How far two sets of results are apart, quantity by quantity. */

/** The largest difference among the tensors of a quantity, and which of them has it. */
export interface Difference {
  quantity: string;
  tensor: string;
  relative: number;
}

/** found, expected: by name; `gradients/conv-1/kernel` is a tensor of the quantity `gradients`. distance: relative, of
 *  one tensor. In the order of `expected`. Fails when one has a name that the other has not. */
export function differences<T>(
  found: Record<string, T>,
  expected: Record<string, T>,
  distance: (found: T, expected: T) => number,
): Difference[] {
  const lonely = Object.keys({ ...found, ...expected }).find((name) => !(name in found && name in expected));
  if (lonely) throw new Error(`${lonely} is among one side's results alone, expected it among both.`);
  const worst = new Map<string, Difference>();
  for (const [tensor, theirs] of Object.entries(expected)) {
    const [quantity = tensor] = tensor.split('/');
    const relative = distance(found[tensor]!, theirs);
    if (!(relative <= (worst.get(quantity)?.relative ?? -1)))
      worst.set(quantity, { quantity, tensor, relative });
  }
  return [...worst.values()];
}

/** max |found − expected| / max |expected|; infinite when there is a number that is not finite, or one too few. */
export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(found[i]! - expected[i]!);
    if (!Number.isFinite(apart)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, apart);
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return difference === 0 ? 0 : difference / scale;
}
