/** Labels to represent on a sample: of images those of the data set, or drawn ones. A function has one value at a point,
 *  and CIFAR-10 was never cleared of copies, so a copy gets the drawn label of the first image that it equals. */
import type { SampleLabels } from '../contract.ts';
import { corruptLabels } from '../data/corrupt-labels.ts';
import { sha256 } from '../identity/identity.ts';
import { stream } from '../random/stream.ts';

/** images: uint8 [n, d]; labels: uint8 [n], the data set's. -> numbers [n]. */
export function labelsFor(
  kind: SampleLabels,
  { images, labels, d }: { images: Uint8Array; labels: Uint8Array; d: number },
  seed: number,
): ArrayLike<number> {
  if (kind === 'true') return labels;
  const drawn = drawLabels(kind, labels, seed);
  const firstOf = new Map<string, number>();
  labels.forEach((_, point) => {
    const content = sha256(images.subarray(point * d, (point + 1) * d));
    const first = firstOf.get(content);
    if (first === undefined) firstOf.set(content, point);
    else drawn[point] = drawn[first]!;
  });
  return drawn;
}

/** Whatever the points are. labels: uint8 [n]; of them the number counts alone. */
export function drawLabels(
  kind: 'random' | 'real',
  labels: Uint8Array,
  seed: number,
): Uint8Array | Float64Array {
  // The labels that a network is trained on with this seed.
  if (kind === 'random') return corruptLabels(labels, 1, stream(seed, 'label-corruption'));
  const { normal } = stream(seed, 'real-labels');
  return Float64Array.from(labels, normal);
}
