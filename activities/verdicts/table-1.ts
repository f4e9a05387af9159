/** Table 1, the rows that Figure 1 touches: no random crop, no weight decay. Accuracy in per cent. Pure data. */
import type { ModelName } from '../contract.ts';

export interface Cell {
  train: number;
  test: number;
}

export const TABLE_1: Record<ModelName, { trueLabels: Cell; randomLabels: Cell }> = {
  inception: { trueLabels: { train: 100, test: 85.75 }, randomLabels: { train: 100, test: 9.78 } },
  'inception-without-batch-norm': {
    trueLabels: { train: 100, test: 82 },
    randomLabels: { train: 100, test: 10.12 },
  },
  alexnet: { trueLabels: { train: 100, test: 76.07 }, randomLabels: { train: 99.82, test: 9.86 } },
  'mlp-3x512': { trueLabels: { train: 100, test: 52.39 }, randomLabels: { train: 100, test: 10.48 } },
  'mlp-1x512': { trueLabels: { train: 100, test: 50.51 }, randomLabels: { train: 99.34, test: 10.61 } },
};
