import { expect, test } from 'vitest';
import { learningRate } from '../../../activities/training/schedule.ts';

const inception = {
  optimizer: { learningRate: 0.1, momentum: 0.9, weightDecay: 0 },
  decay: { factor: 0.95, everySteps: 391 },
};

test.each([
  [0, 0.1],
  [390, 0.1], // the last step of the first epoch
  [391, 0.095],
  [781, 0.095],
  [782, 0.09025],
])('after %i steps the rate of 0.1, lowered by 0.95 every 391 steps, is %f', (step, expected) => {
  expect(learningRate(inception, step)).toBeCloseTo(expected, 12);
});
