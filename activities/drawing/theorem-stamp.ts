/** What is written on everything that is made of Theorem 1. */
import type { OfTheorem, SampleLabels } from '../contract.ts';
import { count } from './stamp.ts';

const LABELS: Record<SampleLabels, string> = {
  true: 'true labels',
  random: 'random labels',
  real: 'standard normal labels',
};

/** `CIFAR-10 · paper profile: 50,000 images as points of 3,072 dimensions · random labels · seed 1` */
export function theoremStamp({ profile, dataset, labels, seed, theorem }: OfTheorem): string {
  const { distinct, merged, dimensions } = theorem.points;
  return [
    dataset.title,
    `${profile} profile: ${count(distinct)} images as points of ${count(dimensions)} dimensions`,
    ...(merged > 0 ? [`${count(merged)} copies merged`] : []),
    LABELS[labels],
    `seed ${seed}`,
  ].join(' · ');
}
