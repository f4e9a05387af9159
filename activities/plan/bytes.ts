/** What a training adds to the store, at most, from its network's number of parameters. */
import type { PreparedDataset, Run } from '../contract.ts';
import { parametersOf } from '../models/inception-v3.ts';
import { KEPT } from '../store/checkpoint-chain.ts';
import { PARAMETERS } from '../verdicts/parameters.ts';

const IMAGENET_CLASSES = 1000;
const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const CURVE_LINE = 20; // `25000,0.000123456789` and the line's end

/** Weights, the curve, and the checkpoints that stay: weights, momenta and losses so far. */
export function bytesOf({ trajectory: { model }, stop: { steps } }: Run): number {
  const weights = FLOAT * (model === 'inception-v3' ? parametersOf(IMAGENET_CLASSES) : PARAMETERS[model]);
  return weights + CURVE_LINE * steps + KEPT * (2 * weights + FLOAT * steps);
}

const PIXELS = 28 * 28 * 3;

/** Both splits of prepared images, float32. */
export const bytesOfPrepared = (images: Record<keyof Pick<PreparedDataset, 'train' | 'test'>, number>) =>
  FLOAT * PIXELS * (images.train + images.test);
