/** Dropout before the last layer (Srivastava et al. 2014): every input is kept with probability 1 − p and then scaled by
 *  1 / (1 − p), so that evaluation needs no other network. The masks are drawn on the host from a stream of their own,
 *  one index a step: they can be entered at any step and are the same on every device. */
import type { Architecture } from '../models/network.ts';
import { stream } from '../random/stream.ts';

/** Inputs of the last layer. */
export function lastInputs({ variables }: Architecture): number {
  const { shape } = variables.findLast(({ kind }) => kind === 'kernel')!;
  return shape[0]!;
}

/** The mask of a step, the first of which is step 0: float32 [images, inputs], flat. */
export function drawMask(
  step: number,
  {
    images,
    inputs,
    probability,
    seed,
  }: { images: number; inputs: number; probability: number; seed: number },
): Float32Array {
  const { uint32 } = stream(seed, 'dropout', step);
  const dropped = probability * 2 ** 32;
  const kept = 1 / (1 - probability);
  return Float32Array.from({ length: images * inputs }, () => (uint32() < dropped ? 0 : kept));
}
