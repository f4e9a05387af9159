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
export async function readArrays(tensors: NamedTensorMap): Promise<NamedArrays> {
  const named = Object.entries(tensors).map(async ([name, tensor]): Promise<[string, NamedArray]> => {
    const data = Float32Array.from(await tensor.data());
    return [name, { shape: [...tensor.shape], data }];
  });
  return Object.fromEntries(await Promise.all(named));
}
