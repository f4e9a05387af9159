/** From every step's loss to a curve that can be drawn: a running mean, thinned. */
import { Failure } from '../failure/failure.ts';

/** Losses of a curve file (`step,loss`, one row a step): losses[i] is the loss of step i + 1. The curve of a training
 *  that diverged ends with its last finite loss. */
export function parseCurve(csv: string, key: string): Float64Array {
  const [header, ...rows] = csv.trimEnd().split('\n');
  if (header !== 'step,loss') {
    throw new Failure('ObjectDamaged', `${key} is not a curve of step,loss: delete it and train again.`);
  }
  const losses = Float64Array.from(rows, (row) => Number(row.split(',')[1]));
  const diverged = losses.findIndex((loss) => !Number.isFinite(loss));
  return diverged === -1 ? losses : losses.subarray(0, diverged);
}

/** Open in the paper: the window of Figure 1a. A hundredth of the longest curve follows its course and leaves out
 *  the noise of single batches; five steps at least. */
export function windowFor(longest: number): number {
  return Math.max(5, Math.round(longest / 100));
}

/** A curve needs no more points than the picture has pixels. */
const MOST_POINTS = 500;

export function strideFor(longest: number): number {
  return Math.max(1, Math.ceil(longest / (MOST_POINTS - 1)));
}

/** Mean loss over the last `window` steps (over fewer where the curve begins), at step 1, at every multiple of
 *  `stride` and at the last step. */
export function runningMean(
  losses: Float64Array,
  window: number,
  stride: number,
): { step: number; loss: number }[] {
  const points: { step: number; loss: number }[] = [];
  for (let step = 1; step <= losses.length; step++) {
    if (step !== 1 && step % stride !== 0 && step !== losses.length) continue;
    const latest = losses.subarray(Math.max(0, step - window), step);
    points.push({ step, loss: latest.reduce((sum, loss) => sum + loss, 0) / latest.length });
  }
  return points;
}
