/** Time to overfit (Figure 1b): the first step at which the evaluated training accuracy reaches 99 %. */
import type { Outcome } from '../contract.ts';

/** Open in the paper: when a run counts as fitted. With the learning rate × 0.95 an epoch the last errors of an MLP
 *  never go, so 100 % would censor what the paper draws. */
export const FITTED_PERCENT = 99;

/** `censored`: not within `steps`, when the run stopped; the time is longer than that (T > steps). */
export interface Time {
  steps: number;
  censored: boolean;
}

export function timeToOverfit(outcome: Outcome): Time {
  const first = outcome.firstStepAt[FITTED_PERCENT];
  return first === null ? { steps: outcome.steps, censored: true } : { steps: first, censored: false };
}
