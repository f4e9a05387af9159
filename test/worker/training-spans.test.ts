import { expect, test } from 'vitest';
import { trainingSpans } from '../../worker/training-spans.ts';

const accuracy = { correct: 0, images: 1 };
const evaluation = (step: number) =>
  ({
    kind: 'evaluation',
    evaluation: { step, train: accuracy, test: accuracy, wholeTrain: null },
  }) as const;
const steps = (step: number, count: number) =>
  ({ kind: 'steps', step, losses: new Float32Array(count) }) as const;

test('the compilation, steps between checkpoints and long looks have spans; short looks are part of the steps', () => {
  const spans: unknown[][] = [];
  let ms = 0;
  const watch = trainingSpans(
    {
      record: (name, { 'rethinking.step': step, 'rethinking.steps': count }, from, to) =>
        void spans.push([name, step, count, from, to]),
    },
    100,
    () => ms,
  );
  const at = (time: number, event: Parameters<typeof watch.see>[0]) => {
    ms = time;
    watch.see(event);
  };

  at(500, steps(101, 1));
  at(600, steps(103, 2));
  at(700, steps(110, 7));
  at(710, evaluation(110)); // the first one compiles
  at(800, steps(120, 10));
  at(810, evaluation(120));
  at(900, steps(130, 10));
  at(1100, evaluation(130));
  at(1200, steps(140, 10));
  watch.cut();
  watch.cut(); // there is nothing since

  expect(spans).toEqual([
    ['compile and step', 101, undefined, 0, 500],
    ['train steps', 110, 9, 500, 700],
    ['evaluate', 110, undefined, 700, 710],
    ['train steps', 130, 20, 710, 900],
    ['evaluate', 130, undefined, 900, 1100],
    ['train steps', 140, 10, 1100, 1200],
  ]);
});
