/** What is written on everything that is made of kernel machines. */
import type { OfKernels } from '../contract.ts';
import { count, distinct } from './stamp.ts';

/** `MNIST and CIFAR-10 · paper profile: 60,000 and 50,000 training images, 10,000 test images · 32,000 random filters, seed 1` */
export function kernelStamp({ profile, digits, photographs, seed, kernels }: OfKernels): string {
  const systems = kernels.map(({ solved }) => solved[0]!.system);
  const numbers = (of: (system: (typeof systems)[number]) => number) =>
    distinct(systems.map(of)).map(count).join(' and ');
  const filters = systems.flatMap(({ features }) => ('filters' in features ? [features.filters] : []));
  return [
    distinct([digits, photographs].flatMap((dataset) => dataset?.title ?? [])).join(' and '),
    `${profile} profile: ${numbers(({ trainImages }) => trainImages)} training images, ` +
      `${numbers(({ testImages }) => testImages)} test images`,
    ...filters.map((number) => `${count(number)} random filters, seed ${seed}`),
  ].join(' · ');
}
