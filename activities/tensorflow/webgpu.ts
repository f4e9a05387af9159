/** TensorFlow.js on any GPU with a Vulkan, Metal or Direct3D driver, through Chromium's WebGPU (Dawn): for machines
 *  without an NVIDIA card, on which TensorFlow's own kernels are faster. Tensors are read asynchronously alone
 *  (`await tensor.data()`). */
import { createRequire } from 'node:module';
import { registerBatchNorm } from './batch-norm.ts';
import { registerComposed } from './composed.ts';
import { registerCrossEntropy } from './cross-entropy.ts';
import type { TensorFlow } from './load.ts';
import { registerReluGradient } from './relu-gradient.ts';

/** What WebGPU would train on. isSoftware: its driver computes on the CPU, slower than TensorFlow does. */
export interface Adapter {
  name: string;
  isSoftware: boolean;
}

/** The fastest adapter; null where there is none. Dawn says on stderr which libraries it misses. */
export async function findAdapter(): Promise<Adapter | null> {
  const adapter = await requestAdapter(await createGpu());
  return adapter && { name: nameOf(adapter), isSoftware: adapter.info.isFallbackAdapter };
}

/** Loads TensorFlow.js, with the WebGPU backend and not with TensorFlow's library. device: the adapter's name;
 *  version: of TensorFlow.js. onFailure: told, maybe again and again, when an operation fails on the device or the
 *  device is lost. No call throws then, and what is computed from there on is wrong. */
export async function loadWebGpu(
  onFailure: (error: Error) => void,
): Promise<{ tf: TensorFlow; device: string; version: string }> {
  const gpu = await createGpu();
  const adapter = await requestAdapter(gpu);
  if (!adapter) {
    throw new Error(
      'WebGPU finds no GPU: install its driver (on Debian libvulkan1 and mesa-vulkan-drivers), or train on the CPU.',
    );
  }
  const device = await adapter.requestDevice({ requiredLimits: limitsOf(adapter) });
  device.onuncapturederror = (event) => {
    event.preventDefault(); // or it is printed too
    onFailure(new Error(`${nameOf(adapter)}: ${event.error.message}`));
  };
  device.lost.then(({ message }) => onFailure(new Error(`${nameOf(adapter)} was lost: ${message}`)));

  const require = createRequire(import.meta.url);
  const tf: TensorFlow = require('@tensorflow/tfjs');
  const { WebGPUBackend }: typeof import('@tensorflow/tfjs-backend-webgpu') =
    require('@tensorflow/tfjs-backend-webgpu');
  tf.enableProdMode(); // or it warns of the kernel that is replaced below
  // The backend refuses to be made outside a browser. Node 20 has no navigator, later ones have one without a GPU.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  const backend = new WebGPUBackend(device, adapter.info);
  tf.registerBackend('webgpu', () => backend);
  registerBatchNorm(tf);
  registerReluGradient(tf);
  registerCrossEntropy(tf);
  // tfjs binds all summands to one shader, which may read as few as seven; Inception decays 20 kernels.
  registerComposed(tf, 'AddN', (summands) => Object.values(summands).reduce((sum, next) => sum.add(next)));
  await tf.setBackend('webgpu');
  return { tf, device: nameOf(adapter), version: tf.version.tfjs };
}

async function createGpu(): Promise<GPU> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals); // the backend takes its constants from there, as in a browser
  return create([]);
}

const requestAdapter = (gpu: GPU) => gpu.requestAdapter({ powerPreference: 'high-performance' });

/** As `swiftshader-device-subzero- (SwiftShader driver 5.0.0)`; some drivers name no device. */
const nameOf = ({ info: { vendor, architecture, device, description } }: GPUAdapter) =>
  `${device || `${vendor} ${architecture}`} (${description})`;

/** A device has the specification's smallest limits unless asked for more: 128 MiB an array, of which the training
 *  images are half a gigabyte. */
const limitsOf = ({ limits }: GPUAdapter) => ({
  maxBufferSize: limits.maxBufferSize,
  maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
  maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
  maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
  maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
  maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
});
