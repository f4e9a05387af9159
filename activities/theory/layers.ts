/** Networks as lists of layers with explicit weights. A layer of Corollary 1 has few connections (its hinges do not
 *  see those of the layer before), so it is a list of them rather than a matrix. */
import type { Arithmetic } from './arithmetic.ts';

/** kernel · (unit `from` of the layer before). */
export interface Connection<T> {
  from: number;
  kernel: T;
}

/** ReLU(Σ kernel·input + bias), or without the ReLU. */
export interface Unit<T> {
  bias: T;
  connections: Connection<T>[];
}

export interface Layer<T> {
  inputs: number;
  activation: 'relu' | 'none';
  units: Unit<T>[];
}

/** What the network makes of one point. input: [inputs of the first layer]. */
export function forward<T>(arithmetic: Arithmetic<T>, layers: Layer<T>[], input: T[]): T[] {
  return layers.reduce((units, layer) => applyLayer(arithmetic, layer, units), input);
}

function applyLayer<T>(arithmetic: Arithmetic<T>, { activation, units }: Layer<T>, input: T[]): T[] {
  const { of, add, multiply, sign } = arithmetic;
  return units.map(({ bias, connections }) => {
    let sum = bias;
    for (const { from, kernel } of connections) sum = add(sum, multiply(kernel, input[from]!));
    return activation === 'none' || sign(sum) > 0 ? sum : of(0);
  });
}

export interface LayerCounts {
  /** Layers with a ReLU, and the output layer: the projection is part of the first one. */
  depth: number;
  /** Units of the widest layer. */
  width: number;
  /** Connections, and biases that are not 0. */
  weights: number;
  /** Entries of the same layers as full matrices with full biases. */
  entries: number;
}

export function countLayers<T>({ sign }: Arithmetic<T>, layers: Layer<T>[]): LayerCounts {
  const units = layers.flatMap((layer) => layer.units);
  return {
    depth: layers.filter(({ activation }) => activation === 'relu').length + 1,
    width: Math.max(...layers.map((layer) => layer.units.length)),
    weights: total(units.map(({ bias, connections }) => connections.length + Math.abs(sign(bias)))),
    entries: total(layers.map((layer) => (layer.inputs + 1) * layer.units.length)),
  };
}

const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
