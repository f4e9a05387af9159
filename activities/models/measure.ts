/** Shapes, parameters and multiply-adds of everything a network is made of, from its structure alone. A structure whose
 *  layers do not fit one another is refused, as TensorFlow would. */
import type { Rank } from '../tensorflow/load.ts';
import type { Variable } from './layer.ts';
import type { Structure } from './structure.ts';

/** Of one image, without the batch: [rows, columns, channels] or [features]. */
export type Shape = readonly number[];

export interface Measured {
  structure: Structure;
  input: Shape;
  output: Shape;
  parameters: number;
  /** Of matrix products and convolutions, one image forward. */
  multiplyAdds: number;
  /** Of a sequence, a concat, a module. */
  parts: Measured[];
}

export const size = (shape: Shape) => shape.reduce((product, length) => product * length, 1);

export function measure(structure: Structure, input: Shape): Measured {
  const leaf = (output: Shape, variables: Variable[] = [], multiplyAdds = 0): Measured => {
    const parameters = variables.reduce((sum, { shape }) => sum + size(shape), 0);
    return { structure, input, output, parameters, multiplyAdds, parts: [] };
  };
  const whole = (output: Shape, parts: Measured[]): Measured => {
    const total = (of: 'parameters' | 'multiplyAdds') => parts.reduce((sum, part) => sum + part[of], 0);
    return {
      structure,
      input,
      output,
      parameters: total('parameters'),
      multiplyAdds: total('multiplyAdds'),
      parts,
    };
  };
  switch (structure.op) {
    case 'convolution': {
      const { kernel, offset, stride } = structure;
      expectInputs(kernel, kernel.shape[2], input[2]);
      const output = [...strided(input, stride), kernel.shape[3]];
      return leaf(output, [kernel, offset], size(kernel.shape) * size(output.slice(0, 2)));
    }
    case 'dense': {
      const { kernel, bias } = structure;
      expectInputs(kernel, kernel.shape[0], input.length === 1 ? input[0] : undefined);
      return leaf([kernel.shape[1]], [kernel, bias], size(kernel.shape));
    }
    case 'max-pool':
      return leaf([...strided(input, structure.stride), ...input.slice(2)]);
    case 'mean-pool':
      return leaf(input.slice(2));
    case 'flatten':
      return leaf([size(input)]);
    case 'local-response-norm':
      return leaf(input);
    case 'module': {
      const inside = measure(structure.inside, input);
      return whole(inside.output, [inside]);
    }
    case 'sequence': {
      const parts: Measured[] = [];
      for (const part of structure.parts) parts.push(measure(part, parts.at(-1)?.output ?? input));
      return whole(parts.at(-1)?.output ?? input, parts);
    }
    case 'concat': {
      const parts = structure.branches.map((branch) => measure(branch, input));
      return whole(joined(parts.map(({ output }) => output)), parts);
    }
  }
}

/** Rows and columns with SAME padding. */
const strided = (input: Shape, stride: number) =>
  input.slice(0, 2).map((length) => Math.ceil(length / stride));

function joined(outputs: Shape[]): Shape {
  const places = [...new Set(outputs.map((output) => output.slice(0, 2).join('×')))];
  if (places.length > 1) throw new Error(`Branches of ${places.join(' and ')} cannot be joined.`);
  return [...outputs[0].slice(0, 2), outputs.reduce((sum, [, , channels]) => sum + channels, 0)];
}

function expectInputs({ name }: Variable<Rank>, wanted: number, there: number | undefined): void {
  if (wanted !== there) throw new Error(`${name} is for ${wanted} inputs, not for ${there ?? 'an image'}.`);
}
