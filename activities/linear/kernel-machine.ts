/** Kernel interpolants of images: fitted, measured on test images. */
import { conjugateGradients } from '../kernel/conjugate-gradients.ts';
import { type GaborBank, gaborFeatureCount, gaborFeatures } from '../kernel/gabor.ts';
import { gaussianBlock } from '../kernel/gaussian.ts';
import { CLASSES, countErrors } from '../kernel/labels.ts';
import { rkhsNorm } from '../kernel/norm.ts';
import { featurePoints, type Points, pixelPoints, placePoints, stepsOf } from '../kernel/points.ts';
import { predict } from '../kernel/predict.ts';
import type { Session } from '../kernel/session.ts';
import { type KernelMethod, prepareSystem, solveKernel } from '../kernel/solve.ts';

const METHOD: KernelMethod = { preconditioner: { kind: 'cholesky' }, product: 'float32' };
/** Far below what moves an output past another; copies of an image with other labels never get there. */
const STOP = { residual: 1e-9, iterations: 100 };

export interface Fitted {
  /** float64 [n, 10] */
  alpha: Float64Array<ArrayBuffer>;
  /** On its own points: float64 [n, 10]. */
  outputs: Float64Array<ArrayBuffer>;
  norm: number;
}

/** The least-norm interpolant of labels, or of y, float64 [n, 10]. */
export async function interpolate(
  session: Session,
  { points, labels, gamma }: { points: Points; labels: Uint8Array; gamma: number },
  y?: Float64Array<ArrayBuffer>,
): Promise<Fitted> {
  const task = { points, labels, gamma, l2: 0, method: METHOD, stop: STOP };
  const system = await prepareSystem(session, task);
  const wanted = y ? { ...system, y } : system;
  const iterates = y ? conjugateGradients(wanted, STOP) : solveKernel(wanted, task);
  for (;;) {
    const { value, done } = await iterates.next();
    if (!done) continue;
    const outputs = wanted.y.map((target, i) => target - value.residual[i]!);
    return { alpha: value.alpha, outputs, norm: rkhsNorm(value.alpha, outputs) };
  }
}

/** Σⱼ αⱼ k(cⱼ, x) at new points: float64 [count, 10]. */
export async function outputsAt(
  session: Session,
  { alpha, centres, gamma }: { alpha: Float64Array<ArrayBuffer>; centres: Points; gamma: number },
  points: Points,
): Promise<Float64Array> {
  const [to, from] = [await placePoints(session, centres), await placePoints(session, points)];
  const outputs = predict(session, gaussianBlock(gamma, from, to), { alpha, m: CLASSES, count: points.n });
  for (;;) {
    const { value, done } = await outputs.next();
    if (done) return value;
  }
}

export const countOf = (outputs: Float64Array, labels: Uint8Array) => ({
  errors: countErrors(outputs, labels),
  images: labels.length,
});

/** Pixels, or wavelets in the steps of the training images: the training points, then the test points. */
export async function placeFeatures(
  session: Session,
  bank: GaborBank | null,
  { d, train, test }: { d: number; train: Uint8Array; test: Uint8Array },
): Promise<[Points, Points]> {
  if (!bank) return [pixelPoints(train, d), pixelPoints(test, d)];
  const [ofTrain, ofTest] = [await gabor(session, bank, train), await gabor(session, bank, test)];
  const count = gaborFeatureCount(bank);
  const steps = stepsOf(ofTrain, count);
  return [featurePoints(ofTrain, count, steps), featurePoints(ofTest, count, steps)];
}

async function gabor(
  session: Session,
  bank: GaborBank,
  images: Uint8Array,
): Promise<Float32Array<ArrayBuffer>> {
  const features = gaborFeatures(session, bank, images);
  for (;;) {
    const { value, done } = await features.next();
    if (done) return value;
  }
}
