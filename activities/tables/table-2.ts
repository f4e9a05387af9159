/** Table 2: Inception V3 on ImageNet, accuracy among one and five guesses, ours beside the published one. */
import type { ImageNetRef, TableRun } from '../contract.ts';
import { csv } from '../drawing/csv.ts';
import { type PanelRequest, stamp } from '../drawing/stamp.ts';
import type { Look } from '../verdicts/early-stopping.ts';
import { TABLE_2, table2RowName } from '../verdicts/ledger/table-2.ts';
import { ofRow } from '../verdicts/runs.ts';
import { accuracyOf, judgeTable2 } from '../verdicts/table-2.ts';
import { cellOf, texts, VALUE_COLUMNS, values } from './cell.ts';
import { markdownTable } from './markdown.ts';
import { IMAGENET_NOTES, verdictOf } from './notes.ts';
import { summaryOf } from './table-1.ts';
import type { Table } from './tables.ts';

const SPLITS = ['train', 'test'] as const;
const NAMES = ['train', 'test', 'best_test'].flatMap((split) => [`${split}_top_1`, `${split}_top_5`]);

/** looks: by run id. */
export function table2(
  request: PanelRequest<TableRun, ImageNetRef>,
  looks: ReadonlyMap<string, Look[]>,
): Table {
  const verdicts = judgeTable2(request, looks);
  const rows = TABLE_2.flatMap((row) => {
    const id = table2RowName(row);
    const runs = ofRow(request.runs, id);
    if (runs.length === 0) return [];
    const cells = (['train', 'test', 'best'] as const).flatMap((split) =>
      (['top1', 'top5'] as const).map((top) =>
        cellOf(runs, (outcome) => accuracyOf(outcome, split, top, looks), row[split]?.[top] ?? null),
      ),
    );
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
      rows: rows.map(({ labels, augmentation, dropout, weightDecay, cells, verdict }) => {
        const [train1, train5, test1, test5, best1, best5] = cells.map(texts);
        return [
          ...[labels, yes(augmentation), yes(dropout), yes(weightDecay)],
          ...train1!.slice(0, 2),
          ...train5!.slice(0, 2),
          ...bracketed(test1!, best1!),
          ...bracketed(test5!, best5!),
          verdict,
        ];
      }),
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

/** Ours and the published number, each with the best along the training in brackets, where there is one. */
function bracketed(
  [ours, published]: ReturnType<typeof texts>,
  [best, publishedBest]: ReturnType<typeof texts>,
): [string, string] {
  return [`${ours} (${best})`, publishedBest === '–' ? published : `${published} (${publishedBest})`];
}
