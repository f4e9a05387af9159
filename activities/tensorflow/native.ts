/** Any operation of the TensorFlow library by its own name, also those that tfjs has no function for. */
import type { KernelBackend } from '@tensorflow/tfjs-node-gpu';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { Tensor, TensorFlow } from './load.ts';

/** What an operation reads of its inputs. */
type TensorInfo = Pick<Tensor, 'dataId' | 'shape' | 'dtype'>;

/** Attributes as the library's operation registry names them; types by tfjs's names. */
export type Attributes = Record<
  string,
  { type: 'float32' | 'int32' } | { float: number } | { string: string } | { bool: boolean }
>;

/** Runs `name`; returns as many outputs as asked for, owned by the surrounding tidy. */
export function runNative(
  tf: TensorFlow,
  name: string,
  attributes: Attributes,
  inputs: TensorInfo[],
  outputs: number,
): Tensor[] {
  const backend = nativeBackend(tf);
  const { binding } = backend;
  const encoded = Object.entries(attributes).map(([attribute, value]) => {
    if ('type' in value)
      return {
        name: attribute,
        type: binding.TF_ATTR_TYPE,
        value: value.type === 'int32' ? binding.TF_INT32 : binding.TF_FLOAT,
      };
    if ('float' in value) return { name: attribute, type: binding.TF_ATTR_FLOAT, value: value.float };
    if ('string' in value) return { name: attribute, type: binding.TF_ATTR_STRING, value: value.string };
    return { name: attribute, type: binding.TF_ATTR_BOOL, value: value.bool };
  });
  return backend.executeMultipleOutputs(name, encoded, inputs, outputs);
}

export function nativeBackend(tf: TensorFlow): NodeJSKernelBackend {
  const backend = tf.backend();
  if (!isNative(backend)) throw new Error(`tfjs runs on '${tf.getBackend()}', expected 'tensorflow'.`);
  return backend;
}

const isNative = (backend: KernelBackend): backend is NodeJSKernelBackend =>
  'executeMultipleOutputs' in backend;
