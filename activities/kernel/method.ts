/** How a system of n points is solved with the memory that there is.
 *
 *  Up to 20,000 points the factor takes seconds (n³/3 multiply-adds) and its residual is float64's; beyond, minutes that a
 *  killed process would have to spend again, while landmarks are there in seconds and iterates are kept. Of the methods
 *  for a size the first one that fits is taken: products with kept blocks before computed ones, which cost the kernel's
 *  time at every iteration. 60,000 points of 784 coordinates: 17.5 GB by Cholesky with kept float32 blocks (two half
 *  matrices of 7.4 GB), 10.8 GB with landmarks, 3.3 GB with landmarks and nothing kept. */
import { Failure } from '../failure/failure.ts';
import { blockSize, RUN_BYTES } from './blocks.ts';
import { CLASSES } from './labels.ts';
import { BYTES } from './matrix.ts';
import type { Real } from './session.ts';
import type { KernelMethod } from './solve.ts';

export interface Size {
  n: number;
  d: number;
}

export const FACTORED_POINTS = 20_000;
const LANDMARKS = 2000; // no training error on 60,000 points of MNIST's shape after 102 s
const SEED = 1; // of the landmarks: any

const factored = (product: KernelMethod['product']): KernelMethod => ({
  preconditioner: { kind: 'cholesky' },
  product,
});

const byLandmarks = (product: KernelMethod['product']): KernelMethod => ({
  preconditioner: { kind: 'nystrom', landmarks: LANDMARKS, seed: SEED },
  product,
});

/** For a size, the one that is wanted most first. */
export const methodsFor = (n: number): KernelMethod[] =>
  n <= FACTORED_POINTS
    ? [factored('float64'), factored('float32'), factored('computed')]
    : [byLandmarks('float32'), byLandmarks('computed')];

/** The first that fits. Refused where none does: a system that runs out of memory ends processes without a word. */
export function methodFor(size: Size, availableBytes: number): KernelMethod {
  const methods = methodsFor(size.n);
  const fitting = methods.find((method) => bytesOf(method, size) <= availableBytes);
  const least = Math.min(...methods.map((method) => bytesOf(method, size)));
  requireMemory(size.n, fitting ? 0 : least, availableBytes);
  return fitting!;
}

/** For a solve whose method is decided, since its result is named by it. */
export function requireMemory(n: number, bytes: number, availableBytes: number): void {
  if (bytes <= availableBytes) return;
  throw new Failure(
    'MemoryShort',
    `Solving for ${n} points takes ${gigabytes(bytes)} of memory and ${gigabytes(availableBytes)} are free: end other ` +
      'programs, or take fewer points.',
  );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

const PROCESS_BYTES = 4e8; // Node and TensorFlow with nothing in them
/** Blocks of a run, and what the C library has not given back of those of the one before; of a small matrix itself. */
const workingBytes = (n: number) => Math.min(3 * RUN_BYTES, 3 * BYTES.float64 * n ** 2);
/** Points: as they are given, as they travel, and on the device. */
const POINT_COPIES = 3;
/** float64 [n, 10]: right-hand sides, an iterate and its successor, products, what travels. */
const VECTORS = 16;

/** What a solve takes at its most, process included. */
export function bytesOf({ preconditioner, product }: KernelMethod, { n, d }: Size): number {
  const kept = product === 'computed' ? 0 : halfMatrix(product, n);
  const vectors = VECTORS * BYTES.float64 * n * CLASSES;
  const points = POINT_COPIES * BYTES.float32 * n * d;
  return PROCESS_BYTES + workingBytes(n) + points + vectors + kept + preconditioning();

  function preconditioning(): number {
    if (preconditioner.kind === 'cholesky') return halfMatrix('float32', n);
    const { landmarks: q } = preconditioner;
    return BYTES.float32 * q * n + 6 * BYTES.float64 * q * q; // B, and what is made of K(S, S) and BᵀB
  }
}

/** Of a system whose matrix is summed up feature by feature, with its factor, and its products with `tests` more. */
export function bytesOfFeatures(type: Real, { n, tests }: { n: number; tests: number }): number {
  return (
    PROCESS_BYTES + workingBytes(n) + halfMatrix(type, n) + halfMatrix('float32', n) + BYTES[type] * n * tests
  );
}

/** The blocks of a lower triangle, those of the diagonal whole. */
const halfMatrix = (type: Real, n: number) => BYTES[type] * ((n * (n + Math.min(n, blockSize(n)))) / 2);
