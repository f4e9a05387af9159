import { expect, test } from 'vitest';
import {
  type Evaluation,
  firstStepAt,
  hasStopped,
  isEvaluationDue,
  isThresholdNear,
  stopPoint,
} from '../../../activities/training/convergence.ts';

const of1000 = (correct: number) => ({ correct, images: 1000 });

/** An evaluation in which the whole training set has `whole` of 1,000 right; null: it was not looked at. */
const evaluation = (step: number, whole: number | null): Evaluation => ({
  step,
  train: { correct: 100, images: 100 },
  test: { correct: 10, images: 100 },
  wholeTrain: whole === null ? null : of1000(whole),
});

const HISTORY = [
  evaluation(10, null),
  evaluation(20, 949),
  evaluation(30, 985),
  evaluation(40, 970),
  evaluation(50, 990),
  evaluation(60, 999),
  evaluation(70, 1000),
];

test('the first step at a threshold is the first that reaches it over the whole training set', () => {
  expect(firstStepAt(HISTORY)).toEqual({ 95: 30, 98: 30, 99: 50, 100: 70 });
});

test('a threshold that was never reached has no first step, whatever the monitored images show', () => {
  expect(firstStepAt(HISTORY.slice(0, 2))).toEqual({ 95: null, 98: null, 99: null, 100: null });
});

test.each([
  [944, [], false], // half a point below 95 is 94.5
  [945, [], true],
  [974, [evaluation(30, 950)], false], // 95 is recorded: 98 is next
  [975, [evaluation(30, 950)], true],
  [999, [evaluation(30, 990)], false], // no margin below 100
  [1000, [evaluation(30, 990)], true],
  [1000, [evaluation(30, 1000)], false], // all are recorded
])('%i of 1,000 monitored images right, after %j: a threshold is near: %s', (correct, before, near) => {
  expect(isThresholdNear(of1000(correct), before)).toBe(near);
});

test('an evaluation is due at every multiple of the interval, once, and not before the first step', () => {
  const every = { everySteps: 10, monitored: 100 };
  const due = (step: number, evaluations: Evaluation[] = []) => isEvaluationDue(every, { step, evaluations });
  expect([due(0), due(9), due(10), due(11), due(20)]).toEqual([false, false, true, false, true]);
  expect(due(10, [evaluation(10, null)])).toBe(false);
});

test.each([
  [
    { steps: 100, when: 'fitted' },
    { step: 50, stopped: 'fitted' },
  ],
  [
    { steps: 100, when: 'interpolated' },
    { step: 70, stopped: 'interpolated' },
  ],
  [
    { steps: 100, when: null },
    { step: 100, stopped: 'steps' },
  ],
  [
    { steps: 45, when: 'fitted' },
    { step: 45, stopped: 'steps' },
  ],
  [
    { steps: 50, when: 'fitted' },
    { step: 50, stopped: 'fitted' },
  ],
] as const)('a run that stops at %j stops at %j', (stop, expected) => {
  expect(stopPoint(stop, HISTORY)).toEqual(expected);
});

test('a state at the stop is still of use to a run, one beyond it is not', () => {
  const stop = { steps: 100, when: 'fitted' } as const;
  const at = (step: number) => ({ step, evaluations: HISTORY.filter((one) => one.step <= step) });
  expect(hasStopped({ stop }, at(49))).toBe(false);
  expect(hasStopped({ stop }, at(50))).toBe(false);
  expect(hasStopped({ stop }, at(51))).toBe(true);
  expect(hasStopped({ stop: { steps: 40, when: null } }, at(41))).toBe(true);
});

const seen = (...correct: number[]): Evaluation[] =>
  correct.map((right, i) => {
    const train = { correct: 10, images: 100 };
    return { step: 10 * (i + 1), train, test: { correct: right, images: 100 }, wholeTrain: train };
  });

test.each([
  [seen(50, 60, 60, 59), 40],
  [seen(50, 60, 61, 59, 61), 50],
  [seen(50, 60, 59, 61), 100],
] as const)('early stopping waits for two evaluations without a higher test accuracy', (history, step) => {
  const end = stopPoint({ steps: 100, when: null, patience: 2 }, history);
  expect(end).toEqual({ step, stopped: step === 100 ? 'steps' : 'early' });
});
