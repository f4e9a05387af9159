/** The only place that imports TensorFlow.js. Everything else takes `tf` as an argument and the types from here. */
import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs';
import { registerBatchNorm } from './batch-norm.ts';
import { registerCrossEntropy } from './cross-entropy.ts';
import { nativeBackend } from './native.ts';
import { registerReluGradient } from './relu-gradient.ts';

export type TensorFlow = typeof tfjs;
export type {
  NamedTensorMap,
  Rank,
  Scalar,
  ShapeMap,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor4D,
} from '@tensorflow/tfjs';

/** Loads the binding (about a second, once a process; not in worker threads) and adds the operations that tfjs
 *  composes slowly. device: what trains, for progress and provenance; version: of the TensorFlow library. */
export function loadTensorFlow(): { tf: TensorFlow; device: 'cpu' | 'gpu'; version: string } {
  const require = createRequire(import.meta.url);
  // Node 23 removed what TensorFlow.js 4.22 still calls.
  require('node:util').isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  const tf: TensorFlow = require('@tensorflow/tfjs-node-gpu');
  tf.enableProdMode(); // or its JavaScript backend, which works out shapes, recommends the native one
  registerBatchNorm(tf);
  registerReluGradient(tf);
  registerCrossEntropy(tf);
  const { isUsingGpuDevice, binding } = nativeBackend(tf);
  return { tf, device: isUsingGpuDevice ? 'gpu' : 'cpu', version: binding.TF_Version };
}
