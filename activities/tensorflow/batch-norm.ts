/** Batch normalisation by the batch's own statistics, with a shift and no scale: one parameter a channel, as the
 *  paper's parameter counts want it,
 *    y = (x − mean) / √(variance + ε) + shift,   mean and variance of x over batch, rows and columns.
 *  tfjs has no kernel for it in training; TensorFlow's fused one needs half the time of the composed operations,
 *  which are for WebGPU. */
import { registerComposed } from './composed.ts';
import type { Tensor, Tensor1D, Tensor4D, TensorFlow } from './load.ts';
import { type Attributes, runNative } from './native.ts';

/** Open in the paper; the default of TensorFlow's own batch norm. */
export const EPSILON = 0.001;

const FORWARD = 'FusedBatchNormV3';
const BACKWARD = 'FusedBatchNormGradV3';

const ATTRIBUTES: Attributes = {
  T: { type: 'float32' },
  U: { type: 'float32' },
  epsilon: { float: EPSILON },
  data_format: { string: 'NHWC' },
  is_training: { bool: true },
};

/** The last three are for the gradient alone, and each backend's own. */
type Outputs = [y: Tensor4D, mean: Tensor1D, variance: Tensor1D, Tensor, Tensor, Tensor];

/** x: [B, H, W, C]; shift: [C]. Differentiable in both.
 *  y: [B, H, W, C]; mean, variance: [C], the variance unbiased (divided by B·H·W − 1), as is right for estimating
 *  the training set's; y itself is normalised by the biased one. */
export function batchNorm(
  tf: TensorFlow,
  x: Tensor4D,
  shift: Tensor1D,
): { y: Tensor4D; mean: Tensor1D; variance: Tensor1D } {
  const scale = tf.ones(shift.shape);
  const [y, mean, variance] = tf.engine().runKernel<Outputs>(FORWARD, { x, scale, shift });
  return { y, mean, variance };
}

export function registerBatchNorm(tf: TensorFlow): void {
  registerNative(tf);
  registerComposed(tf, FORWARD, ({ x, scale, shift }) => forward(tf, x!, scale!, shift!));
  registerComposed(tf, BACKWARD, ({ dy, x, scale, a: mean, b: perDeviation }) =>
    backward(dy!, x!, scale!, mean!, perDeviation!),
  );
  tf.registerGradient({
    kernelName: FORWARD,
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dy, [x, scale, a, b, c]) => {
      const inputs = { dy: [dy].flat()[0]!, x: x!, scale: scale!, a: a!, b: b!, c: c! };
      const [dx, dScale, dShift] = tf.engine().runKernel<Tensor[]>(BACKWARD, inputs);
      return { x: () => dx!, scale: () => dScale!, shift: () => dShift! };
    },
  });
}

function registerNative(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: FORWARD,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { x, scale, shift } }) => {
      const unused = tf.tensor1d([]); // running statistics: there are none, see training/batch-statistics.ts
      return runNative(tf, FORWARD, ATTRIBUTES, [x!, scale!, shift!, unused, unused], 6);
    },
  });
  tf.registerKernel({
    kernelName: BACKWARD,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { dy, x, scale, a, b, c } }) =>
      runNative(tf, BACKWARD, ATTRIBUTES, [dy!, x!, scale!, a!, b!, c!], 5),
  });
}

const OVER = [0, 1, 2]; // batch, rows and columns: [B, H, W, C] -> [C]

function forward(tf: TensorFlow, x: Tensor, scale: Tensor, shift: Tensor): Tensor[] {
  const count = x.size / shift.size;
  const mean = x.mean(OVER);
  const centred = x.sub(mean);
  const biased = centred.square().mean(OVER);
  const perDeviation = biased.add(EPSILON).rsqrt();
  const y = centred.mul(perDeviation.mul(scale)).add(shift);
  const unbiased = biased.mul(count / (count - 1));
  return [y, mean, unbiased, mean.clone(), perDeviation, tf.tensor1d([])];
}

/** The mean and the deviation depend on x too: what dy has along them is taken out. */
function backward(dy: Tensor, x: Tensor, scale: Tensor, mean: Tensor, perDeviation: Tensor): Tensor[] {
  const count = x.size / scale.size;
  const normalised = x.sub(mean).mul(perDeviation);
  const dShift = dy.sum(OVER);
  const dScale = dy.mul(normalised).sum(OVER);
  const along = dShift.add(normalised.mul(dScale)).div(count);
  return [dy.sub(along).mul(perDeviation.mul(scale)), dScale, dShift];
}
