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

/** Of a training's `evaluations.csv`; name: for the failure. */
export function parseEvaluations(text: string, name: string): Look[] {
  const [header, ...rows] = text.trimEnd().split('\n');
  if (header !== HEADER || rows.length === 0) {
    throw new Failure('ObjectDamaged', `${name} are not rows of ${HEADER}: delete them and train again.`);
  }
  return rows.map((row) => {
    const [step, trainCorrect, trainImages, testCorrect, testImages] = row.split(',').map(Number);
    return {
      step,
      train: { correct: trainCorrect, images: trainImages },
      test: { correct: testCorrect, images: testImages },
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
