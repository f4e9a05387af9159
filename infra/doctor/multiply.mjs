/** Loads the binding, multiplies two matrices and prints what did it; in a process of its own, because a binding that
 *  does not fit its library can crash it. [[1 2] [3 4]] · [[5 6] [7 8]] = [[19 22] [43 50]]. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// Node 23 removed what TensorFlow.js 4.22 still calls.
require('node:util').isNullOrUndefined ??= (/** @type {unknown} */ value) =>
  value === null || value === undefined;
const tf = require('@tensorflow/tfjs-node-gpu');

const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
const b = tf.tensor2d([5, 6, 7, 8], [2, 2]);
const product = tf.matMul(a, b).dataSync();
if (product.join() !== '19,22,43,50') throw new Error(`The product is ${product.join()}.`);
const backend = /** @type {{ binding: { TF_Version: string }, isUsingGpuDevice: boolean }} */ (
  /** @type {unknown} */ (tf.backend())
);
console.log(JSON.stringify({ version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice }));
