/** Batch normalisation by the batch's own statistics, with a shift and no scale: one parameter a channel, as the
 *  paper's parameter counts want it,
 *    y = (x − mean) / √(variance + ε) + shift,   mean and variance of x over batch, rows and columns.
 *  tfjs has no kernel for it in training; TensorFlow's fused one needs half the time of the composed operations. */
import type { Tensor, Tensor1D, Tensor4D, TensorFlow } from './load.ts';
import { type Attributes, runNative } from './native.ts';

/** Open in the paper; the default of TensorFlow's own batch norm. */
export const EPSILON = 0.001;

const KERNEL = 'FusedBatchNormV3';

/** The last three are for the gradient alone. */
type Outputs = [y: Tensor4D, mean: Tensor1D, variance: Tensor1D, Tensor, Tensor, Tensor];

const ATTRIBUTES: Attributes = {
  T: { type: 'float32' },
  U: { type: 'float32' },
  epsilon: { float: EPSILON },
  data_format: { string: 'NHWC' },
  is_training: { bool: true },
};

/** x: [B, H, W, C]; shift: [C]. Differentiable in both.
 *  y: [B, H, W, C]; mean, variance: [C], the variance unbiased (divided by B·H·W − 1), as is right for estimating
 *  the training set's; y itself is normalised by the biased one. */
export function batchNorm(
  tf: TensorFlow,
  x: Tensor4D,
  shift: Tensor1D,
): { y: Tensor4D; mean: Tensor1D; variance: Tensor1D } {
  const scale = tf.ones(shift.shape);
  const [y, mean, variance] = tf.engine().runKernel<Outputs>(KERNEL, { x, scale, shift });
  return { y, mean, variance };
}

export function registerBatchNorm(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: KERNEL,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { x, scale, shift } }) => {
      const unused = tf.tensor1d([]); // running statistics: there are none, see training/batch-statistics.ts
      return runNative(tf, KERNEL, ATTRIBUTES, [x!, scale!, shift!, unused, unused], 6);
    },
  });
  tf.registerGradient({
    kernelName: KERNEL,
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dy, [x, scale, ...reserved]) => {
      const inputs = [[dy].flat()[0]!, x!, scale!, ...reserved];
      const [dx, dScale, dShift] = runNative(tf, 'FusedBatchNormGradV3', ATTRIBUTES, inputs, 5);
      return { x: () => dx!, scale: () => dScale!, shift: () => dShift! };
    },
  });
}
