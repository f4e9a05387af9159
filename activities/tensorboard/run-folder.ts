import type { PlannedRun } from '../contract.ts';

/** Where a run's events lie, which is what TensorBoard calls it:
 *  `mlp-1x512/random-labels/512-images-seed-1-374be0e4`. */
export function runFolder({ id, run: { trajectory } }: Pick<PlannedRun, 'id' | 'run'>): string {
  const { model, corruption, optimizer, dropout, augmentation, trainImages, seed } = trajectory;
  const { labels, pixels } = corruption;
  const condition = [
    ...(pixels === 'intact' ? [] : [pixels === 'gaussian' ? pixels : `${pixels}-pixels`]),
    ...(labels === 0 && pixels !== 'intact' ? [] : [labelsOf(labels)]),
    ...(optimizer.weightDecay ? [`weight-decay-${optimizer.weightDecay}`] : []),
    ...(dropout ? [`dropout-${dropout}`] : []),
    ...(['crop', 'flip', 'rotate'] as const).filter((name) => augmentation[name]),
  ].join('-');
  return `${model}/${condition}/${trainImages ?? 'all'}-images-seed-${seed}-${id.slice(0, 8)}`;
}

function labelsOf(labels: number): string {
  if (labels === 0) return 'true-labels';
  return labels === 1 ? 'random-labels' : `${Math.round(labels * 100)}-percent-random-labels`;
}
