import type { Stream } from '../random/stream.ts';
import { CLASSES } from './cifar10.ts';

/** Replaces each label, independently with probability p, by a uniform class, which may be its own (Section 2.1).
 *  Every label takes the same kind of draws whether it is replaced or not: with one stream, what is replaced at
 *  p = 0.3 is replaced by the same class at any larger p, and the first n labels do not depend on how many follow.
 *  labels: uint8 [n]; p in [0, 1]. */
export function corruptLabels(labels: Uint8Array, p: number, { uniform, below }: Stream): Uint8Array {
  return labels.map((label) => {
    const replaced = uniform() < p;
    const drawn = below(CLASSES.length);
    return replaced ? drawn : label;
  });
}
