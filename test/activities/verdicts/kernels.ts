/** Table 3 as if it had been run at full size. */
import type { DatasetRef, KernelRow, OfKernels, SolvedKernel } from '../../../activities/contract.ts';

const ref = { key: 'kernels/0/alpha.npy', sha256: '0'.repeat(64), bytes: 1 };

const dataset = (name: 'cifar10' | 'mnist', title: string, train: number): DatasetRef => ({
  id: { name, sha256: '0'.repeat(64) },
  form: name === 'mnist' ? 'idx' : 'binary',
  title,
  classes: [],
  train: { images: ref, labels: ref, count: train },
  test: { images: ref, labels: ref, count: 10_000 },
  provenance: ref,
});

export const DIGITS = dataset('mnist', 'MNIST', 60_000);
export const PHOTOGRAPHS = dataset('cifar10', 'CIFAR-10', 50_000);

export function row(
  name: KernelRow['row'],
  errors: Record<number, number>,
  changes: Partial<SolvedKernel> = {},
): KernelRow {
  const mnist = name.startsWith('mnist');
  const features =
    name === 'cifar10.random-filters'
      ? { kind: 'random-filters' as const, filters: 32_000, seed: 1 }
      : { kind: 'pixels' as const, gamma: 0.02 };
  const system = {
    recipe: 1 as const,
    dataset: (mnist ? DIGITS : PHOTOGRAPHS).id,
    view: 'whole' as const,
    trainImages: mnist ? 60_000 : 50_000,
    testImages: 10_000,
    features,
  };
  const solved = Object.entries(errors).map(([l2, testErrors]) => ({
    id: '0'.repeat(20),
    system,
    l2: Number(l2),
    iterations: 40,
    residual: 9e-4,
    trainErrors: 0,
    testErrors,
    norm: { plusMinusOne: 251.4, zeroOne: 125.2 },
    alpha: ref,
    time: { seconds: 120, threads: 24, memoryBytes: 12e9, device: 'cpu' },
    provenance: ref,
    ...changes,
  }));
  const chosen = { name: 'γ = 0.0200', features, l2: 0, errors: 71 };
  const other = { name: 'γ = 0.0100', features, l2: 0, errors: null };
  return { row: name, choice: { id: '0', images: 5000, candidates: [other, chosen], chosen }, solved };
}

export const PUBLISHED: KernelRow[] = [
  row('mnist.none', { 0: 122, 0.1: 121 }, { norm: { plusMinusOne: 225, zeroOne: 112 } }),
  row('mnist.gabor', { 0: 61, 0.1: 60 }, { norm: { plusMinusOne: 400, zeroOne: 199 } }),
  row('cifar10.none', { 0: 4600 }),
  row('cifar10.random-filters', { 0: 1700, 0.5: 1500 }),
];

export const request = (changes: Partial<OfKernels> = {}): OfKernels => ({
  profile: 'paper',
  digits: DIGITS,
  photographs: PHOTOGRAPHS,
  seed: 1,
  kernels: PUBLISHED,
  ...changes,
});
