/** The networks of Table 1 by name, each held to the paper's number of parameters. */
import type { ModelName } from '../contract.ts';
import type { Tensor2D, Tensor4D } from '../tensorflow/load.ts';
import { alexnet } from './alexnet.ts';
import { inception } from './inception.ts';
import type { Layer } from './layer.ts';
import { mlp } from './mlp.ts';

/** images [B, 28, 28, 3] -> logits [B, 10] */
export type Architecture = Layer<Tensor4D, Tensor2D>;

const NETWORKS: Record<ModelName, { build: () => Architecture; parameters: number }> = {
  // Parameters: Table 1
  inception: { build: () => inception({ batchNorm: true }), parameters: 1_649_402 },
  'inception-without-batch-norm': { build: () => inception({ batchNorm: false }), parameters: 1_649_402 },
  alexnet: { build: alexnet, parameters: 1_387_786 },
  'mlp-3x512': { build: () => mlp({ hiddenLayers: 3 }), parameters: 1_735_178 },
  'mlp-1x512': { build: () => mlp({ hiddenLayers: 1 }), parameters: 1_209_866 },
};

export function network(name: ModelName): Architecture {
  const { build, parameters } = NETWORKS[name];
  const architecture = build();
  expectParameters(name, architecture, parameters);
  return architecture;
}

/** Fails when a network has another number of parameters than the paper's. */
export function expectParameters(name: string, { variables }: Architecture, published: number): void {
  const counted = variables.reduce((sum, { shape }) => sum + size(shape), 0);
  if (counted !== published) {
    const [ours, theirs] = [counted, published].map((count) => count.toLocaleString('en-US'));
    throw new Error(`${name} has ${ours} parameters, the paper's has ${theirs}.`);
  }
}

const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
