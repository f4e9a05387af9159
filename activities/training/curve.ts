/** A training's curves as CSV, for people and plots. */
import type { Evaluation } from './convergence.ts';

/** A line a step. losses: [steps], float32. */
export function curveCsv(losses: Float32Array): string {
  return csv(
    ['step', 'loss'],
    Array.from(losses, (loss, i) => [i + 1, shortest(loss)]),
  );
}

/** A line an evaluation. The training images counted are the whole set where it was looked at, else the monitored
 *  ones. */
export function evaluationsCsv(evaluations: readonly Evaluation[]): string {
  return csv(
    ['step', 'train_correct', 'train_images', 'test_correct', 'test_images'],
    evaluations.map(({ step, train: monitored, test, wholeTrain }) => {
      const train = wholeTrain ?? monitored;
      return [step, train.correct, train.images, test.correct, test.images];
    }),
  );
}

/** The decimal number with the fewest digits (at most nine) that reads back as the same float32. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}

const csv = (header: string[], rows: number[][]) =>
  [header, ...rows].map((row) => `${row.join(',')}\n`).join('');
