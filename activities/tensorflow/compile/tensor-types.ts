/** Types of tensors: TensorFlow's numbers, tfjs's names, JavaScript's arrays. */

/** tensorflow/core/framework/types.proto */
export const DataType = {
  float32: 1,
  int32: 3,
  resource: 20,
  bool: 10,
  bfloat16: 14,
} as const;

/** What goes into a compiled function and comes out of it: the types that tfjs knows, as arrays in C order. */
export interface HostTensor {
  shape: number[];
  data: Float32Array | Int32Array;
}

export interface TensorSpec {
  dtype: 'float32' | 'int32';
  shape: number[];
}

export const specOf = ({ shape, data }: HostTensor): TensorSpec => ({
  dtype: data instanceof Float32Array ? 'float32' : 'int32',
  shape,
});

export const describe = ({ dtype, shape }: TensorSpec) => `${dtype} [${shape}]`;
