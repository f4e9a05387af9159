/** Files of MNIST's form with few images. */
import { gzipSync } from 'node:zlib';
import { FILES, PIXELS } from '../../../activities/data/mnist.ts';
import { stream } from '../../../activities/random/stream.ts';

/** An IDX file of uint8. */
export function idx(shape: number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = 8;
  header[3] = shape.length;
  for (const [i, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * i);
  return Buffer.concat([header, data]);
}

/** Ten kinds of noisy patterns: labels go round, images and labels compressed. */
export function mnistFiles(counts: { train?: number; test: number }): Record<string, Buffer> {
  const patterns = stream(1, 'procedural');
  const pattern = Uint8Array.from({ length: 10 * PIXELS }, () => patterns.below(256));
  const files: Record<string, Buffer> = {};
  for (const split of ['train', 'test'] as const) {
    const n = counts[split];
    if (n === undefined) continue;
    const noise = stream(split === 'train' ? 2 : 3, 'procedural');
    const labels = Uint8Array.from({ length: n }, (_, i) => i % 10);
    const pixels = Uint8Array.from({ length: n * PIXELS }, (_, i) => {
      const own = pattern[labels[Math.floor(i / PIXELS)]! * PIXELS + (i % PIXELS)]!;
      return (own + noise.below(256)) >> 1;
    });
    files[FILES[split].images] = gzipSync(idx([n, 28, 28], pixels));
    files[FILES[split].labels] = gzipSync(idx([n], labels));
  }
  return files;
}
