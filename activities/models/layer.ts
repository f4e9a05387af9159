/** What networks are made of: maps with named variables. A layer holds no tensors; it finds its own by name in what
 *  it is applied with, so a network is data plus a pure function and can be traced. */
import type {
  NamedTensorMap,
  Rank,
  ShapeMap,
  Tensor,
  Tensor1D,
  Tensor2D,
  TensorFlow,
} from '../tensorflow/load.ts';
import { type Structure, structuresOf } from './structure.ts';

/** kernel: a matrix or filter, drawn at random, under weight decay. bias, and shift (batch norm's): start at 0, are
 *  not decayed. */
export interface Variable<R extends Rank = Rank> {
  name: string;
  shape: ShapeMap[R];
  kind: 'kernel' | 'bias' | 'shift';
}

/** Which statistics batch norm divides by: the batch's own (training; `collect` is shown them), or given ones
 *  (evaluation), float32 [C] by the names `<layer>/mean` and `<layer>/variance`. */
export type Statistics =
  | { of: 'batch'; collect?: (layer: string, mean: Tensor1D, variance: Tensor1D) => void }
  | { of: 'training-set'; values: NamedTensorMap };

/** Everything a layer is applied with besides its input. */
export interface Pass {
  tf: TensorFlow;
  weights: NamedTensorMap;
  statistics: Statistics;
  /** What the inputs of the last, linear layer are multiplied by, [B, inputs]; without it nothing is dropped. */
  dropout?: Tensor2D;
}

export interface Layer<In extends Tensor, Out extends Tensor> {
  variables: Variable[];
  apply(x: In, pass: Pass): Out;
  /** What `apply` computes; of layers that can be drawn. */
  structure?: Structure;
}

/** One layer after the other. */
export function sequence<T extends Tensor>(...layers: Layer<T, T>[]): Layer<T, T> {
  return {
    variables: layers.flatMap(({ variables }) => variables),
    apply: (x, pass) => layers.reduce((y, layer) => layer.apply(y, pass), x),
    structure: inSequence(layers),
  };
}

/** First one, then the other, which may take another kind of tensor. */
export function compose<In extends Tensor, Middle extends Tensor, Out extends Tensor>(
  first: Layer<In, Middle>,
  second: Layer<Middle, Out>,
): Layer<In, Out> {
  return {
    variables: [...first.variables, ...second.variables],
    apply: (x, pass) => second.apply(first.apply(x, pass), pass),
    structure: inSequence([first, second]),
  };
}

function inSequence(layers: Pick<Layer<never, never>, 'structure'>[]): Structure | undefined {
  const parts = structuresOf(layers);
  return parts && { op: 'sequence', parts };
}

/** The tensor of a variable; fails when it is missing or of another shape. */
export function named<R extends Rank>(tensors: NamedTensorMap, { name, shape }: Variable<R>): Tensor<R> {
  const tensor = tensors[name];
  if (tensor === undefined || !hasShape(tensor, shape)) {
    throw new Error(`${name} is ${tensor ? `[${tensor.shape}]` : 'not there'}, expected [${shape}].`);
  }
  return tensor;
}

const hasShape = <R extends Rank>(tensor: Tensor, shape: ShapeMap[R]): tensor is Tensor<R> =>
  `${tensor.shape}` === `${shape}`;
