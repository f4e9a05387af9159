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
 *  ones; right among five guesses, of networks that are held to it, stands behind. */
export function evaluationsCsv(evaluations: readonly Evaluation[]): string {
  const hasTop5 = evaluations.some(({ test }) => test.top5 !== undefined);
  return csv(
    [
      ...['step', 'train_correct', 'train_images', 'test_correct', 'test_images'],
      ...(hasTop5 ? ['train_top5', 'test_top5'] : []),
    ],
    evaluations.map(({ step, train: monitored, test, wholeTrain }) => {
      const train = wholeTrain ?? monitored;
      const top5 = [train.top5, test.top5].flatMap((right) => right ?? []);
      return [step, train.correct, train.images, test.correct, test.images, ...top5];
    }),
  );
}

/** Evaluations of such a file. */
export function parseEvaluations(csv: string): Evaluation[] {
  const [, ...rows] = csv.trimEnd().split('\n');
  return rows.map((row) => {
    const [step = 0, trainCorrect = 0, trainImages = 0, testCorrect = 0, testImages = 0] = row
      .split(',')
      .map(Number);
    return {
      step,
      train: { correct: trainCorrect, images: trainImages },
      test: { correct: testCorrect, images: testImages },
      wholeTrain: null,
    };
  });
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
