/** Explicit regularisers of a run, in words; none for the paper's main experiments. */
import type { Run } from '../contract.ts';

export function regularizersOf({ trajectory, stop }: Run): string[] {
  const { optimizer, dropout, augmentation } = trajectory;
  return [
    ...(optimizer.weightDecay > 0 ? [`weight decay ${optimizer.weightDecay}`] : []),
    ...(dropout ? [`dropout ${dropout}`] : []),
    ...(augmentation.crop ? ['random crop'] : []),
    ...(augmentation.flip ? ['flip'] : []),
    ...(augmentation.rotate ? ['rotation'] : []),
    ...(stop.patience ? [`early stopping after ${stop.patience} looks`] : []),
  ];
}
