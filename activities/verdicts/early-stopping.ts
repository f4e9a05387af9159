/** What early stopping would have gained: the best test accuracy along a training less that of its last look. The best
 *  of many noisy looks is biased upwards, so the noise of one belongs beside it. */
import type { Accuracy } from '../contract.ts';
import { Failure } from '../failure/failure.ts';

/** One evaluation on schedule: the first monitored images of both splits. */
export interface Look {
  step: number;
  train: Accuracy;
  test: Accuracy;
}

export interface Gain {
  looks: number;
  /** In points of test accuracy; never negative. */
  points: number;
  best: { step: number; percent: number };
  last: { step: number; percent: number };
  /** Test images of a look. */
  images: number;
  /** Binomial standard error of the last look, in points. */
  error: number;
}

const HEADER = 'step,train_correct,train_images,test_correct,test_images';
const HEADER_WITH_TOP_5 = `${HEADER},train_top5,test_top5`;

/** Of a training's `evaluations.csv`; name: for the failure. */
export function parseEvaluations(text: string, name: string): Look[] {
  const [header, ...rows] = text.trimEnd().split('\n');
  if ((header !== HEADER && header !== HEADER_WITH_TOP_5) || rows.length === 0) {
    throw new Failure('ObjectDamaged', `${name} are not rows of ${HEADER}: delete them and train again.`);
  }
  return rows.map((row) => {
    const [step, trainCorrect, trainImages, testCorrect, testImages, trainTop5, testTop5] = row
      .split(',')
      .map(Number);
    return {
      step,
      train: { correct: trainCorrect, images: trainImages, top5: trainTop5 },
      test: { correct: testCorrect, images: testImages, top5: testTop5 },
    };
  });
}

export const percentOf = ({ correct, images }: Accuracy) => (100 * correct) / images;

/** Test accuracy in per cent: bestSoFar[i] is the highest of looks 0 … i. */
export function bestSoFar(looks: Look[]): number[] {
  let best = 0;
  return looks.map(({ test }) => {
    best = Math.max(best, percentOf(test));
    return best;
  });
}

/** The highest test accuracy of a training's looks, among one or five guesses; null where none tells. */
export function bestOf(looks: Look[], top: 'top1' | 'top5'): { correct: number; images: number } | null {
  const seen = looks.flatMap(({ test }) => {
    const correct = top === 'top1' ? test.correct : test.top5;
    return correct === undefined ? [] : [{ correct, images: test.images }];
  });
  return seen.reduce<{ correct: number; images: number } | null>(
    (best, look) => (best && percentOf(best) >= percentOf(look) ? best : look),
    null,
  );
}

/** looks: at least one. */
export function gainOf(looks: Look[]): Gain {
  const at = ({ step, test }: Look) => ({ step, percent: percentOf(test) });
  const last = at(looks[looks.length - 1]);
  const best = looks.map(at).reduce((most, look) => (look.percent > most.percent ? look : most));
  const { images } = looks[looks.length - 1].test;
  const share = last.percent / 100;
  return {
    looks: looks.length,
    points: best.percent - last.percent,
    best,
    last,
    images,
    error: 100 * Math.sqrt((share * (1 - share)) / images),
  };
}

/** Of several runs, by their ids. */
export const looksOf = (evaluations: ReadonlyMap<string, string>): Map<string, Look[]> =>
  new Map([...evaluations].map(([id, text]) => [id, parseEvaluations(text, `the evaluations of ${id}`)]));
