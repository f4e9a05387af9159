/** −log softmax at the label as TensorFlow's one operation, which gives the gradient with it; tfjs composes both of
 *  some twenty, which a small network's step notices. */
import { registerComposed } from './composed.ts';
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from './load.ts';
import { runNative } from './native.ts';

const KERNEL = 'SparseSoftmaxCrossEntropyWithLogits';

/** logits: float32 [B, C]; labels: int32 [B], below C. Losses: float32 [B], differentiable in the logits. */
export function softmaxCrossEntropy(tf: TensorFlow, logits: Tensor2D, labels: Tensor1D): Tensor1D {
  const [losses] = tf.engine().runKernel<[Tensor1D, Tensor2D]>(KERNEL, { logits, labels });
  return losses;
}

export function registerCrossEntropy(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: KERNEL,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { logits, labels } }) =>
      runNative(tf, KERNEL, { T: { type: 'float32' }, Tlabels: { type: 'int32' } }, [logits!, labels!], 2),
  });
  registerComposed(tf, KERNEL, ({ logits, labels }) => {
    const logLikelihood = tf.logSoftmax(logits!);
    const chosen = tf.oneHot(labels!.as1D(), logits!.shape[1]!);
    return [logLikelihood.mul(chosen).sum(1).neg(), logLikelihood.exp().sub(chosen)];
  });
  tf.registerGradient({
    kernelName: KERNEL,
    outputsToSave: [false, true],
    gradFunc: (dy, [gradient]) => ({
      logits: () => [dy].flat()[0]!.expandDims(1).mul(gradient!),
      labels: (): Tensor => {
        throw new Error('The loss has no gradient in its labels.');
      },
    }),
  });
}
