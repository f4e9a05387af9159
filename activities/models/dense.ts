/** Fully connected layers. */
import type { Rank, Tensor2D } from '../tensorflow/load.ts';
import { type Layer, named, type Variable } from './layer.ts';
import { IDENTITY, type Structure } from './structure.ts';

export type Layer2D = Layer<Tensor2D, Tensor2D>;

/** x·W + b: [B, inputs] -> [B, outputs]. */
export function linear(
  name: string,
  inputs: number,
  outputs: number,
): Layer2D & { structure: Extract<Structure, { op: 'dense' }> } {
  const kernel: Variable<Rank.R2> = { name: `${name}/kernel`, shape: [inputs, outputs], kind: 'kernel' };
  const bias: Variable<Rank.R1> = { name: `${name}/bias`, shape: [outputs], kind: 'bias' };
  return {
    variables: [kernel, bias],
    apply: (x, { weights }) => x.matMul<Tensor2D>(named(weights, kernel)).add(named(weights, bias)),
    structure: { op: 'dense', kernel, bias, relu: false },
  };
}

/** Dropout, before the last layer: x ⊙ mask in training, x in evaluation. [B, inputs] -> [B, inputs] */
export const dropout: Layer2D = {
  variables: [],
  apply: (x, pass) => (pass.dropout ? x.mul(pass.dropout) : x),
  structure: IDENTITY,
};

/** max(x·W + b, 0): [B, inputs] -> [B, outputs]. */
export function dense(name: string, inputs: number, outputs: number): Layer2D {
  const { variables, apply, structure } = linear(name, inputs, outputs);
  return {
    variables,
    apply: (x, pass) => apply(x, pass).relu(),
    structure: { ...structure, relu: true },
  };
}
