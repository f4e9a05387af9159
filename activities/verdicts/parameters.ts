/** Parameters of the networks, as Table 1 prints them. Pure data. */
import type { Cifar10Model } from '../contract.ts';

export const PARAMETERS: Record<Cifar10Model, number> = {
  inception: 1_649_402,
  'inception-without-batch-norm': 1_649_402,
  alexnet: 1_387_786,
  'mlp-3x512': 1_735_178,
  'mlp-1x512': 1_209_866,
};
