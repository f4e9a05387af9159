/** Table 1: CIFAR-10, 19 rows, each with a training and a test accuracy in per cent. */
import type { Cifar10Model } from '../../contract.ts';
import { tableCell } from '../claims.ts';
import type { LedgerRecord } from './record.ts';

export interface Table1Row {
  /** `inception.true-labels.crop.weight-decay` */
  id: string;
  model: Cifar10Model;
  labels: 'true' | 'random';
  crop: boolean;
  weightDecay: boolean;
  /** As printed. */
  train: string;
  test: string;
}

const [ON, OFF] = [true, false];

const row = (
  model: Cifar10Model,
  [crop, weightDecay]: [boolean, boolean],
  [train, test]: [string, string],
  labels: Table1Row['labels'] = 'true',
): Table1Row => ({
  id: [model, `${labels}-labels`, ...(crop ? ['crop'] : []), ...(weightDecay ? ['weight-decay'] : [])].join(
    '.',
  ),
  model,
  labels,
  crop,
  weightDecay,
  train,
  test,
});

export const TABLE_1_ROWS: Table1Row[] = [
  row('inception', [ON, ON], ['100.0', '89.05']),
  row('inception', [ON, OFF], ['100.0', '89.31']),
  row('inception', [OFF, ON], ['100.0', '86.03']),
  row('inception', [OFF, OFF], ['100.0', '85.75']),
  row('inception', [OFF, OFF], ['100.0', '9.78'], 'random'),
  row('inception-without-batch-norm', [OFF, ON], ['100.0', '83.00']),
  row('inception-without-batch-norm', [OFF, OFF], ['100.0', '82.00']),
  row('inception-without-batch-norm', [OFF, OFF], ['100.0', '10.12'], 'random'),
  row('alexnet', [ON, ON], ['99.90', '81.22']),
  row('alexnet', [ON, OFF], ['99.82', '79.66']),
  row('alexnet', [OFF, ON], ['100.0', '77.36']),
  row('alexnet', [OFF, OFF], ['100.0', '76.07']),
  row('alexnet', [OFF, OFF], ['99.82', '9.86'], 'random'),
  row('mlp-3x512', [OFF, ON], ['100.0', '53.35']),
  row('mlp-3x512', [OFF, OFF], ['100.0', '52.39']),
  row('mlp-3x512', [OFF, OFF], ['100.0', '10.48'], 'random'),
  row('mlp-1x512', [OFF, ON], ['99.80', '50.39']),
  row('mlp-1x512', [OFF, OFF], ['100.0', '50.51']),
  row('mlp-1x512', [OFF, OFF], ['99.34', '10.61'], 'random'),
];

export const TABLE_1_CELLS: LedgerRecord[] = TABLE_1_ROWS.flatMap((published) =>
  (['train', 'test'] as const).map((split): LedgerRecord => {
    const { model, labels, crop, weightDecay } = published;
    const { panel: _, ...plain } = tableCell(model, labels === 'true' ? 'trueLabels' : 'randomLabels', split);
    const regularizers = [...(crop ? ['crop'] : []), ...(weightDecay ? ['weight-decay'] : [])];
    const record: LedgerRecord = {
      ...plain,
      artifact: 'table-1',
      supports: labels === 'random' ? 'A' : 'B',
      published: `${published[split]} %`,
    };
    if (regularizers.length === 0) return record;
    return {
      ...record,
      id: `table-1.${published.id}.${split}`,
      says: plain.says.replace(
        'no crop, no weight decay',
        `with ${regularizers.join(' and ').replace('-', ' ')}`,
      ),
      openChoices: [
        ...plain.openChoices,
        ...(weightDecay ? ['weight-decay coefficient'] : []),
        ...(crop ? ['how crops are drawn'] : []),
      ],
    };
  }),
);
