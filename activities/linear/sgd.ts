/** Section 5: SGD on a linear model, w ← w − η·Σ eᵢ·xᵢ over a batch, eᵢ = ⟨w, xᵢ⟩ − yᵢ. Started from zero it never leaves
 *  the span of the data, so where it interpolates it is at K α = y. float64; two multiply-adds for each point,
 *  dimension and output an epoch. */
import { batchesFrom, stepsPerEpoch } from '../training/batch-order.ts';
import { type Gram, largestEigenvalue } from './least-norm.ts';
import type { Sample } from './sample.ts';

/** 1/λ with λ = min(λ₁, B·maxᵢ ‖xᵢ‖²), λ₁ the largest eigenvalue of K: no batch of B points has a larger one, neither
 *  as a part of K nor by its trace. So every step brings the iterate nearer to *every* interpolant, or leaves it. */
export function learningRate(gram: Gram, batchSize: number): number {
  const { n } = gram.sample;
  const longest = Array.from({ length: n }, (_, i) => gram.matrix[i * n + i]!).reduce((a, b) =>
    Math.max(a, b),
  );
  return 1 / Math.min(largestEigenvalue(gram), batchSize * longest);
}

export interface SgdState {
  /** Finished ones. */
  epoch: number;
  /** float64 [d, m] */
  weights: Float64Array;
}

export interface SgdTask {
  sample: Sample;
  /** float64 [n, m]: m outputs that do not see one another. */
  y: Float64Array;
  rate: number;
  /** n is the full gradient. */
  batchSize: number;
  /** Of the order, a new one every epoch. */
  seed: number;
}

/** Yields after every epoch, without end. The weights are the next epoch's too: keep a copy. Going on from a yielded
 *  state gives the numbers of a run that was never interrupted, bit for bit. */
export function* sgd(task: SgdTask, from: SgdState): Generator<SgdState, never> {
  const { sample, y, rate, batchSize, seed } = task;
  const { n, d } = sample;
  const m = y.length / n;
  const steps = stepsPerEpoch(n, batchSize);
  const weights = from.weights.slice();
  const batches = batchesFrom(from.epoch * steps, { images: n, batchSize, seed });
  for (let epoch = from.epoch + 1; ; epoch++) {
    for (let step = 0; step < steps; step++) {
      const batch = batches.next().value;
      const errors = errorsOf(sample, { y, m }, batch, weights);
      for (const [place, i] of batch.entries()) {
        const own = errors.subarray(place * m, (place + 1) * m);
        for (let k = 0; k < d; k++) {
          const factor = rate * sample.x[i * d + k]!;
          const at = k * m;
          for (let c = 0; c < m; c++) weights[at + c]! -= factor * own[c]!;
        }
      }
    }
    yield { epoch, weights };
  }
}

/** ⟨w, xᵢ⟩ − yᵢ of a batch: float64 [batch, m]. */
function errorsOf(
  { d, x }: Sample,
  { y, m }: { y: Float64Array; m: number },
  batch: Int32Array,
  weights: Float64Array,
): Float64Array {
  const errors = new Float64Array(batch.length * m);
  for (const [place, i] of batch.entries()) {
    const own = errors.subarray(place * m, (place + 1) * m);
    for (let c = 0; c < m; c++) own[c] = -y[i * m + c]!;
    for (let k = 0; k < d; k++) {
      const value = x[i * d + k]!;
      const at = k * m;
      for (let c = 0; c < m; c++) own[c]! += value * weights[at + c]!;
    }
  }
  return errors;
}
