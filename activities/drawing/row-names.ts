/** Rows of tables as their pictures call them. */
import { TABLE_1_ROWS } from '../verdicts/ledger/table-1.ts';
import { TABLE_2, table2RowName } from '../verdicts/ledger/table-2.ts';
import { TABLE_4_ROWS } from '../verdicts/ledger/table-4.ts';
import { MODEL_STYLE } from './theme.ts';

const NAMES = new Map<string, string>([
  ...TABLE_1_ROWS.map(({ id, model, labels, crop, weightDecay }): [string, string] => [
    id,
    [
      MODEL_STYLE[model].label,
      ...(labels === 'random' ? ['random labels'] : []),
      ...(crop ? ['crop'] : []),
      ...(weightDecay ? ['weight decay'] : []),
    ].join(', '),
  ]),
  ...TABLE_4_ROWS.map(({ id, says }): [string, string] => [id, says]),
  ...TABLE_2.map((row): [string, string] => [
    table2RowName(row),
    table2RowName(row).replaceAll('.', ', ').replaceAll('-', ' '),
  ]),
]);

export const rowName = (row: string) => NAMES.get(row) ?? row;
