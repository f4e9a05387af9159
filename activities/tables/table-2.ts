/** Table 2: Inception V3 on ImageNet, accuracy among one and five guesses, ours beside the published one. */
import type { ImageNetRef, TableRun } from '../contract.ts';
import { csv } from '../drawing/csv.ts';
import { type PanelRequest, stamp } from '../drawing/stamp.ts';
import { TABLE_2, table2RowName } from '../verdicts/ledger/table-2.ts';
import { judgeTable2, ofRow, topFive } from '../verdicts/tables.ts';
import { cellOf, texts, VALUE_COLUMNS, values } from './cell.ts';
import { markdownTable } from './markdown.ts';
import { IMAGENET_NOTES, verdictOf } from './notes.ts';
import { summaryOf } from './table-1.ts';
import type { Table } from './tables.ts';

const SPLITS = ['train', 'test'] as const;
const NAMES = ['train_top_1', 'train_top_5', 'test_top_1', 'test_top_5'];

export function table2(request: PanelRequest<TableRun, ImageNetRef>): Table {
  const verdicts = judgeTable2(request);
  const rows = TABLE_2.flatMap((row) => {
    const id = table2RowName(row);
    const runs = ofRow(request.runs, id);
    if (runs.length === 0) return [];
    const cells = SPLITS.flatMap((split) => [
      cellOf(runs, (outcome) => outcome[split], row[split].top1),
      cellOf(runs, (outcome) => topFive(outcome, split), row[split].top5),
    ]);
    const verdict = summaryOf(SPLITS.map((split) => verdictOf(verdicts, `table-2.${id}.${split}.top-1`)));
    return [{ ...row, id, cells, verdict }];
  });
  const yes = (on: boolean) => (on ? 'yes' : 'no');
  return {
    markdown: markdownTable({
      title: 'Table 2: Inception V3 on ImageNet, accuracy in per cent',
      stamp: stamp(request),
      columns: [
        ...['labels', 'augmentation', 'dropout', 'weight decay'],
        ...['train top-1', 'paper', 'train top-5', 'paper', 'test top-1', 'paper', 'test top-5', 'paper'],
        'verdict',
      ],
      rows: rows.map(({ labels, augmentation, dropout, weightDecay, cells, best, verdict }) => [
        ...[labels, yes(augmentation), yes(dropout), yes(weightDecay)],
        ...cells.flatMap((cell, place) => {
          const [ours, published] = texts(cell);
          const bracket = { 2: best?.top1, 3: best?.top5 }[place];
          return [ours, bracket === undefined ? published : `${published} (${bracket})`];
        }),
        verdict,
      ]),
      notes: IMAGENET_NOTES,
    }),
    csv: csv(
      [
        'row',
        'labels',
        'augmentation',
        'dropout',
        'weight_decay',
        ...NAMES.flatMap(VALUE_COLUMNS),
        'verdict',
      ],
      rows.map(({ id, labels, augmentation, dropout, weightDecay, cells, verdict }) => [
        ...[id, labels, augmentation, dropout, weightDecay],
        ...[...cells.flatMap(values), verdict],
      ]),
    ),
  };
}
