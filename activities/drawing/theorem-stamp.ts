/** What is written on everything that is made of Theorem 1. */
import type { OfTheorem, SampleLabels } from '../contract.ts';
import { count } from './stamp.ts';

const LABELS: Record<SampleLabels, string> = {
  true: 'true labels',
  random: 'random labels',
  real: 'standard normal labels',
};

/** `Random bytes · quick profile: 1,281,167 points of 3,072 dimensions · …`, or
 *  `CIFAR-10 · paper profile: 50,000 images as points of 3,072 dimensions · random labels · seed 1` */
export function theoremStamp({ profile, dataset, labels, seed, theorem }: OfTheorem): string {
  const { distinct, merged, dimensions } = theorem.points;
  const points = `points of ${count(dimensions)} dimensions`;
  return [
    ...(dataset
      ? [dataset.title, `${profile} profile: ${count(distinct)} images as ${points}`]
      : ['Random bytes', `${profile} profile: ${count(distinct)} ${points}`]),
    ...(merged > 0 ? [`${count(merged)} copies merged`] : []),
    LABELS[labels],
    `seed ${seed}`,
  ].join(' · ');
}
