/** Kernels for the WebGPU backend, composed of operations that it has. */
import type { KernelConfig } from '@tensorflow/tfjs';
import type { NamedTensorMap, Tensor, TensorFlow } from './load.ts';

type KernelInputs = Parameters<KernelConfig['kernelFunc']>[0]['inputs'];

/** compute: from the kernel's inputs by name to its output, or outputs in order; what else it makes is freed. */
export function registerComposed(
  tf: TensorFlow,
  kernelName: string,
  compute: (inputs: NamedTensorMap) => Tensor | Tensor[],
): void {
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs }) => {
      if (!areTensors(tf, inputs))
        throw new Error(`${kernelName} was called with something else than tensors.`);
      return tf.tidy(() => compute(inputs));
    },
  });
}

/** tfjs hands over tensors and types them by the little that most kernels read of them. */
const areTensors = (tf: TensorFlow, inputs: KernelInputs): inputs is NamedTensorMap =>
  Object.values(inputs).every((input) => input instanceof tf.Tensor);
