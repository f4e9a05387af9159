/** ReLU's gradient as TensorFlow's one operation; tfjs composes it of several, each over the whole activation,
 *  which makes Inception's step a tenth longer. */
import type { TensorFlow } from './load.ts';
import { runNative } from './native.ts';

export function registerReluGradient(tf: TensorFlow): void {
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      x: () => runNative(tf, 'ReluGrad', { T: { type: 'float32' } }, [dy, y].flat(), 1)[0]!,
    }),
  });
}
