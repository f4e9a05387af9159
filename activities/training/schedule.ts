/** The learning rate: a staircase, lowered by a factor after every epoch of the paper's size (Appendix A). */
import type { Trajectory } from '../contract.ts';

/** The rate of the step that comes after `step` finished ones. Multiplied up rather than raised to a power, whose
 *  last bit differs between versions of V8. */
export function learningRate(
  { optimizer, decay }: Pick<Trajectory, 'optimizer' | 'decay'>,
  step: number,
): number {
  let rate = optimizer.learningRate;
  for (let stair = Math.floor(step / decay.everySteps); stair > 0; stair--) rate *= decay.factor;
  return rate;
}
