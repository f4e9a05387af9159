/** The Hessian at two optima (Section 5): of any loss that vanishes only where an output is its label it is XᵀDX with D the
 *  loss's own curvature there, which is the same for every interpolant, and of rank n < d at most. Measured with
 *  Σ log cosh(f(xᵢ) − yᵢ), whose curvature, sech² of the error, does depend on the weights. */
import type { OptimaNumbers } from '../contract.ts';
import { CLASSES } from '../kernel/labels.ts';
import { eigenvaluesOf } from './eigenvalues.ts';
import type { Gram } from './least-norm.ts';
import { combined, length, outputsOf } from './sample.ts';

/** Eigenvalues below this part of the largest are rounding. */
const ROUNDING = 1e-12;

/** one, other: float64 [d, 10], interpolants of y [n, 10]. The ten outputs' Hessians are the blocks of one. */
export function compareOptima(
  gram: Gram,
  { one, other, y }: Record<'one' | 'other' | 'y', Float64Array>,
): OptimaNumbers {
  const { sample } = gram;
  const { n, d } = sample;
  const curvatures = (weights: Float64Array) =>
    outputsOf(sample, weights).map((output, i) => 1 / Math.cosh(output - y[i]!) ** 2);
  const [atOne, atOther, atZero] = [one, other, new Float64Array(one.length)].map(curvatures);
  const spectrum = (curvature: Float64Array, output: number) => eigenvalues(gram, curvature, output);
  const relative = (to: Float64Array) => {
    let most = 0;
    for (let output = 0; output < CLASSES; output++) {
      const [mine, theirs] = [spectrum(atOne!, output), spectrum(to, output)];
      for (let i = 0; i < n; i++) most = Math.max(most, Math.abs(mine[i]! - theirs[i]!) / mine[0]!);
    }
    return most;
  };
  const [first, second] = [spectrum(atOne!, 0), spectrum(atOther!, 0)];
  const between = other.map((value, i) => value - one[i]!);
  const along = combined(
    sample,
    outputsOf(sample, between).map((value, i) => value * atOne![i]!),
  );
  const rank = (values: Float64Array) => values.filter((value) => value > ROUNDING * values[0]!).length;
  return {
    dimensions: d,
    ranks: [rank(first), rank(second)],
    spectra: [[...first], [...second]],
    difference: relative(atOther!),
    differenceAtZero: relative(atZero!),
    alongTheLine: length(along) / (first[0]! * length(between)),
    apart: length(between) / length(one),
  };
}

/** Those of XᵀDX that are not 0 by its rank, which are those of √D·K·√D, largest first: float64 [n]. */
function eigenvalues({ sample: { n }, matrix }: Gram, curvature: Float64Array, output: number): Float64Array {
  const root = Float64Array.from({ length: n }, (_, i) => Math.sqrt(curvature[i * CLASSES + output]!));
  return eigenvaluesOf(
    matrix.map((value, at) => value * root[Math.floor(at / n)]! * root[at % n]!),
    n,
  );
}
