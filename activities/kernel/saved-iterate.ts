/** An iterate as one npy array, float64 [3n + 2, 10]: α, the residual, the direction (zeros without one), the energies,
 *  and a last row: iteration, exact, whether there is a direction, goal, seconds spent. */
import { decodeNpy, encodeNpy } from '../data/npy.ts';
import type { Iterate } from './conjugate-gradients.ts';
import { CLASSES } from './labels.ts';

export interface SavedIterate {
  state: Iterate;
  /** That its way took, over all attempts. */
  seconds: number;
}

export function encodeIterate({ state, seconds }: SavedIterate): Buffer {
  const { alpha, residual, direction, energy, iteration, exact, goal } = state;
  const n = alpha.length / CLASSES;
  const rows = new Float64Array((3 * n + 2) * CLASSES);
  rows.set(alpha);
  rows.set(residual, alpha.length);
  if (direction) rows.set(direction, 2 * alpha.length);
  rows.set(energy, 3 * alpha.length);
  rows.set([iteration, Number(exact), Number(direction !== null), goal, seconds], 3 * alpha.length + CLASSES);
  return encodeNpy('float64', [3 * n + 2, CLASSES], rows);
}

export function decodeIterate(bytes: Uint8Array): SavedIterate {
  const { shape, data } = decodeNpy(bytes, 'float64');
  const size = ((shape[0]! - 2) / 3) * CLASSES;
  const [iteration, exact, directed, goal, seconds] = data.subarray(3 * size + CLASSES);
  const state: Iterate = {
    iteration: iteration!,
    alpha: data.slice(0, size),
    residual: data.slice(size, 2 * size),
    direction: directed ? data.slice(2 * size, 3 * size) : null,
    energy: data.slice(3 * size, 3 * size + CLASSES),
    exact: exact === 1,
    goal: goal!,
  };
  return { state, seconds: seconds! };
}
