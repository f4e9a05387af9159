/** Explicit regularisers of a run, in words; none for the paper's main experiments. */
import type { Run, TrainedRun, Verdict } from '../contract.ts';

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

/** Verdicts of a figure that the paper trained without explicit regularisers. */
export function unlessRegularized(runs: TrainedRun[], verdicts: Verdict[]): Verdict[] {
  const added = [...new Set(runs.flatMap(({ planned }) => regularizersOf(planned.run)))];
  if (added.length === 0) return verdicts;
  const reason = `Trained with ${added.join(', ')}; the paper's figure is without.`;
  return verdicts.map((verdict) =>
    verdict.kind === 'not run' ? verdict : { ...verdict, kind: 'not judged at this scale', reason },
  );
}
