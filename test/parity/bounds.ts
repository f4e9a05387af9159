/** How far ours may be from PyTorch's float64: at least three, mostly ten times what was measured (docs/parity.md),
 *  since another processor sums in another order. */
import type { ModelName } from '../../activities/contract.ts';
import type { Subject } from './case.ts';
import type { Difference } from './compare.ts';

/** float32 has 6e-8; a sum of thousands in another order a few times that, and so on through the layers. */
const AT_ONCE: Record<string, number> = {
  loss: 2e-6,
  logits: 1e-5,
  'logits-in-evaluation': 1e-5,
  // The images have mean 0, so that the means of conv-1 are a hundredth of its deviations.
  statistics: 3e-4,
  gradients: 3e-5,
};
const OPERATION = 5e-6;

/** After ten steps. With millions of inputs of ReLUs some lie so near to 0 that rounding decides their side, and each
 *  such moves a gradient by per cents: PyTorch's float32 is as far from its float64. The perceptrons have too few. */
const TEN_STEPS: Record<ModelName, Record<string, number>> = {
  inception: { losses: 1e-3, weights: 2e-3, momenta: 0.5 },
  'inception-without-batch-norm': { losses: 1e-3, weights: 2e-3, momenta: 0.5 },
  alexnet: { losses: 1e-4, weights: 2e-3, momenta: 5e-2 },
  'mlp-3x512': { losses: 5e-6, weights: 5e-6, momenta: 2e-5 },
  'mlp-1x512': { losses: 5e-6, weights: 5e-6, momenta: 2e-5 },
  'inception-v3': { losses: 1e-3, weights: 2e-3, momenta: 1 },
};

/** Of a hundred layers with batch norm over four images; millions of ReLUs near 0 at once. PyTorch's float32 gradients are
 *  0.13 from its float64, ours 0.12: a missing branch or a factor of two is farther, less is found by the smaller networks,
 *  which are made of the same layers. */
const DEEP: Record<string, number> = { loss: 2e-5, logits: 1e-4, gradients: 0.4 };

export function boundOf(subject: Subject, quantity: string): number {
  if (subject === 'operations') return OPERATION;
  const bounds = { ...AT_ONCE, ...TEN_STEPS[subject], ...(subject === 'inception-v3' && DEEP) };
  const bound = bounds[quantity.replace(/^decayed-/, '')];
  if (bound === undefined) throw new Error(`There is no bound for ${quantity}: add it.`);
  return bound;
}

/** One sentence for each quantity that is too far from PyTorch's. */
export function exceeded(subject: Subject, differences: readonly Difference[]): string[] {
  return differences
    .filter(({ quantity, relative }) => !(relative <= boundOf(subject, quantity))) // NaN too
    .map(
      ({ quantity, tensor, relative }) =>
        `${subject}: ${quantity} of ours are ${relative.toExponential(1)} from PyTorch's (${tensor}), ` +
        `expected at most ${boundOf(subject, quantity).toExponential(0)}.`,
    );
}
