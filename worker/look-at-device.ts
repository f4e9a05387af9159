/** Prints what TensorFlow sees in this environment. A process of its own: one that has looked at a GPU keeps memory on
 *  it to its end. */
import { loadTensorFlow } from '../activities/tensorflow/load.ts';

const { device, version } = loadTensorFlow();
console.log(JSON.stringify({ gpu: device === 'gpu', version }));
