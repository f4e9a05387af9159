import { drawsOf } from './draws.ts';

/** Replaces each label, independently with probability p, by a uniform class, which may be its own (Section 2.1): p = 1
 *  is *random labels*. What an image gets depends on its name and the seed alone, so it stays over epochs, orders,
 *  shards and subsets; what is replaced at p = 0.3 is replaced by the same class at any larger p. Two seconds for
 *  ImageNet. labels: int32 [n], in the names' order; p in [0, 1]. */
export function corruptImageLabels(
  { names, labels }: { names: readonly string[]; labels: Int32Array },
  { p, classes, seed }: { p: number; classes: number; seed: number },
): Int32Array {
  return labels.map((label, i) => {
    const { uniform, below } = drawsOf('image-label', { name: names[i]!, seed, epoch: null });
    const replaced = uniform() < p;
    const drawn = below(classes);
    return replaced ? drawn : label;
  });
}
