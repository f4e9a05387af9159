/** Evaluations made by hand, of runs made by hand. */
import type { TrainedRun } from '../../../activities/contract.ts';
import type { Look } from '../../../activities/verdicts/early-stopping.ts';
import { made } from './synthetic.ts';

/** Looks at 2,000 images of each split every 391 steps, with these test accuracies in per cent. */
export const looksAt = (testPercents: number[], trainPercent = 100): Look[] =>
  testPercents.map((percent, i) => ({
    step: 391 * (i + 1),
    train: { correct: 20 * trainPercent, images: 2_000 },
    test: { correct: Math.round(20 * percent), images: 2_000 },
  }));

export interface Ends {
  /** Test error at the end in per cent, with and without batch norm; null: diverged. */
  errors: [number | null, number | null];
  /** Test accuracies along the training, of both. */
  along?: number[];
}

/** Both networks of Figure 2b with seeds 1, 2, …, and their looks by run id. */
export function trained(...seeds: Ends[]): { runs: TrainedRun[]; looks: Map<string, Look[]> } {
  const all = seeds.flatMap(({ errors, along = [84, 85, 85] }, i) =>
    (['inception', 'inception-without-batch-norm'] as const).map((model, j) => {
      const error = errors[j];
      const ending = error === null ? { failure: 'LossNotFinite' } : { testErrorPercent: error };
      return { run: made({ model, level: 0, seed: i + 1, ...ending }), along };
    }),
  );
  const ended = all.filter(({ run }) => run.outcome);
  return {
    runs: all.map(({ run }) => run),
    looks: new Map(ended.map(({ run, along }) => [run.planned.id, looksAt(along)])),
  };
}
