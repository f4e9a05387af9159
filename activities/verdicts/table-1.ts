/** Table 1 as its readers need it: rows by their id, and the cells that Figure 1 passes through. Pure data. */
import type { Cifar10Model, ModelName } from '../contract.ts';
import { TABLE_1_ROWS } from './ledger/table-1.ts';

export interface Cell {
  train: number;
  test: number;
}

/** Neither crop nor weight decay. Accuracy in per cent. */
export const TABLE_1 = Object.fromEntries(
  [...new Set(TABLE_1_ROWS.map(({ model }) => model))].map((model) => [
    model,
    { trueLabels: cellOf(model, 'true'), randomLabels: cellOf(model, 'random') },
  ]),
) as Record<Cifar10Model, { trueLabels: Cell; randomLabels: Cell }>;

export const isOfTable1 = (model: ModelName): model is Cifar10Model => model in TABLE_1;

function cellOf(model: Cifar10Model, labels: 'true' | 'random'): Cell {
  const row = TABLE_1_ROWS.find(
    (one) => one.model === model && one.labels === labels && !one.crop && !one.weightDecay,
  )!;
  return { train: Number(row.train), test: Number(row.test) };
}
