/** Prints what there is of the kind of device that it is asked about: what TensorFlow sees in this environment, or with
 *  the argument `webgpu` the adapter. A process of its own: one that has looked at a GPU keeps memory on it to its end,
 *  and a driver may crash. */
import { loadTensorFlow } from '../activities/tensorflow/load.ts';
import { findAdapter } from '../activities/tensorflow/webgpu.ts';

const [kind] = process.argv.slice(2);
console.log(JSON.stringify(kind === 'webgpu' ? { adapter: await findAdapter() } : lookWithTensorFlow()));

function lookWithTensorFlow() {
  const { device, version } = loadTensorFlow();
  return { gpu: device === 'gpu', version };
}
