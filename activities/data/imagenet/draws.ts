import { createHash } from 'node:crypto';
import { type Purpose, type Stream, stream } from '../../random/stream.ts';

/** The random numbers of one image, by its name: they do not depend on its place, on the shard that holds it, or on
 *  which other images there are. epoch: null for what is drawn once. The stream's two keys are the first 64 bits of
 *  a SHA-256: among 1.3 million images two share them with probability 5e-8. */
export function drawsOf(
  purpose: Extract<Purpose, 'image-label' | 'image-window'>,
  { name, seed, epoch }: { name: string; seed: number; epoch: number | null },
): Stream {
  const digest = createHash('sha256')
    .update(`${seed} ${epoch ?? 'once'} ${name}`)
    .digest();
  return stream(digest.readUInt32LE(0), purpose, digest.readUInt32LE(4));
}
