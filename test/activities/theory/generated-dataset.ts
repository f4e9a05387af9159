/** Images of random bytes in CIFAR-10's form: the label of image i is i % 10. */
import type { Dataset } from '../../../activities/data/images.ts';
import { stream } from '../../../activities/random/stream.ts';

const BYTES_PER_IMAGE = 32 * 32 * 3;

export function generatedDataset(train: number): Dataset {
  const { below } = stream(1, 'generated-points');
  const split = (count: number) => ({
    images: Uint8Array.from({ length: count * BYTES_PER_IMAGE }, () => below(256)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  });
  return { train: split(train), test: split(10) };
}
