/** Weights and the like outside TensorFlow: what is stored, and what tensors are made of. */
import type { NamedTensorMap, TensorFlow } from './load.ts';

/** C order. */
export interface NamedArray {
  shape: number[];
  data: Float32Array;
}
export type NamedArrays = Record<string, NamedArray>;

export function toTensors(tf: TensorFlow, arrays: NamedArrays): NamedTensorMap {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
  );
}

/** Copies; the tensors stay. */
export function toArrays(tensors: NamedTensorMap): NamedArrays {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      { shape: [...tensor.shape], data: Float32Array.from(tensor.dataSync()) },
    ]),
  );
}
