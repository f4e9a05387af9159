/** The networks by name, each held to its published number of parameters. */
import type { Cifar10Model, ModelName } from '../contract.ts';
import type { Tensor2D, Tensor4D } from '../tensorflow/load.ts';
import { PARAMETERS } from '../verdicts/parameters.ts';
import { alexnet } from './alexnet.ts';
import { inception } from './inception.ts';
import { inceptionV3, parametersOf } from './inception-v3.ts';
import type { Layer, Pass } from './layer.ts';
import { type Measured, measure, size } from './measure.ts';
import { mlp } from './mlp.ts';

/** images [B, 28, 28, 3] -> logits [B, 10]; of Inception V3 [B, 299, 299, 3] -> [B, classes] */
export interface Architecture extends Layer<Tensor4D, Tensor2D> {
  /** Accuracy is counted among the first five guesses too. */
  topFive?: true;
  /** As training sees it: an auxiliary classifier whose cross-entropy counts in the loss, by its weight. */
  applyInTraining?(
    images: Tensor4D,
    pass: Pass,
  ): { logits: Tensor2D; auxiliary: { logits: Tensor2D; weight: number } };
}

const DEFINITIONS: Record<Cifar10Model, () => Architecture> = {
  inception: () => inception({ batchNorm: true }),
  'inception-without-batch-norm': () => inception({ batchNorm: false }),
  alexnet,
  'mlp-3x512': () => mlp({ hiddenLayers: 3 }),
  'mlp-1x512': () => mlp({ hiddenLayers: 1 }),
};

/** classes: of Inception V3; the networks of Table 1 know ten. */
export function network(name: ModelName, classes = 10): Architecture {
  if (name === 'inception-v3') {
    const architecture = inceptionV3({ classes });
    expectParameters(name, architecture, parametersOf(classes));
    return architecture;
  }
  const architecture = DEFINITIONS[name]();
  expectParameters(name, architecture, PARAMETERS[name]);
  return architecture;
}

const IMAGE = [28, 28, 3];

/** What a network is made of, with shapes and counts, as it is defined: also where its number of parameters is not the
 *  paper's, so that a wrong network can be looked at. */
export function measureNetwork(name: Cifar10Model): Measured {
  const { structure } = DEFINITIONS[name]();
  if (!structure) throw new Error(`A layer of ${name} does not say what it computes.`);
  return measure(structure, IMAGE);
}

/** Fails when a network has another number of parameters than the paper's. */
export function expectParameters(name: string, { variables }: Architecture, published: number): void {
  const counted = variables.reduce((sum, { shape }) => sum + size(shape), 0);
  if (counted !== published) {
    const [ours, theirs] = [counted, published].map((count) => count.toLocaleString('en-US'));
    throw new Error(`${name} has ${ours} parameters, the paper's has ${theirs}.`);
  }
}
