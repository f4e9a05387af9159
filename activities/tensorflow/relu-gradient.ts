/** ReLU's gradient as TensorFlow's one operation; tfjs composes it of several, each over the whole activation,
 *  which makes Inception's step a tenth longer. */
import { registerComposed } from './composed.ts';
import type { Tensor, TensorFlow } from './load.ts';
import { runNative } from './native.ts';

const KERNEL = 'ReluGrad';

export function registerReluGradient(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: KERNEL,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { dy, y } }) =>
      runNative(tf, KERNEL, { T: { type: 'float32' } }, [dy!, y!], 1)[0]!,
  });
  registerComposed(tf, KERNEL, ({ dy, y }) => dy!.mul(y!.step()));
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      x: () => tf.engine().runKernel<Tensor>(KERNEL, { dy: [dy].flat()[0]!, y: y! }),
    }),
  });
}
