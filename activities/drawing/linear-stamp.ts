/** What is written on everything that is made of linear models and kernel machines. */
import type { OfLinearModels } from '../contract.ts';
import { count } from './stamp.ts';

/** `CIFAR-10 · quick profile: 192 images as points of 3,072 dimensions, kernels on 2,000; 1,000 test images · seed 1` */
export function linearStamp({ profile, dataset, seed, descent, machines }: OfLinearModels): string {
  const { points } = descent;
  const { train, test } = machines.interpolants[0]!;
  return [
    dataset.title,
    `${profile} profile: ${count(points.count)} images as points of ${count(points.dimensions)} dimensions, kernels on ` +
      `${count(train.images)}; ${count(test.images)} test images`,
    `seed ${seed}`,
  ].join(' · ');
}
