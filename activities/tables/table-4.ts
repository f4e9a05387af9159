/** Table 4: training accuracy on random labels with a regulariser on, ours beside the published one. */
import type { DatasetRef, TableRun } from '../contract.ts';
import { csv } from '../drawing/csv.ts';
import { distinct, type PanelRequest, stamp } from '../drawing/stamp.ts';
import { MODEL_STYLE } from '../drawing/theme.ts';
import { TABLE_4_ROWS } from '../verdicts/ledger/table-4.ts';
import { ofRow } from '../verdicts/runs.ts';
import { accuracyOf, coefficientOf, convergenceOf, judgeTable4 } from '../verdicts/tables.ts';
import { cellOf, texts, VALUE_COLUMNS, values } from './cell.ts';
import { markdownTable } from './markdown.ts';
import { AUGMENTATION_NOTES, coefficientNote, failureNotes, verdictOf } from './notes.ts';
import type { Table } from './tables.ts';

const REGULARIZER = {
  'weight-decay': 'weight decay',
  crop: 'random cropping',
  augmentation: 'all augmentation',
};

export function table4(request: PanelRequest<TableRun, DatasetRef>): Table {
  const verdicts = judgeTable4(request);
  const rows = TABLE_4_ROWS.flatMap((row) =>
    settingsOf(ofRow(request.runs, row.id)).map(({ setting, runs }) => {
      const isNumber = row.published.endsWith('%');
      return {
        row,
        setting,
        kind: verdictOf(verdicts, `table-4.${row.id}`).kind,
        ended: distinct(runs.map(convergenceOf)).join(', '),
        loss: lossOf(runs),
        cell: cellOf(runs, accuracyOf(row), isNumber ? row.published.replace(' %', '') : null),
      };
    }),
  );
  return {
    markdown: markdownTable({
      title: 'Table 4: fitting random labels with a regulariser on, training accuracy in per cent',
      stamp: stamp(request),
      columns: [
        'model',
        'regulariser',
        'accuracy',
        'paper',
        'difference',
        'loss at the end',
        'ended',
        'verdict',
      ],
      rows: rows.map(({ row, setting, cell, loss, ended, kind }) => {
        const [ours, , difference] = texts(cell);
        const regularizer = [REGULARIZER[row.regularizer], setting].filter(Boolean).join(', ');
        return [
          MODEL_STYLE[row.model].label,
          regularizer,
          ours,
          row.published,
          difference,
          loss,
          ended,
          kind,
        ];
      }),
      notes: [coefficientNote(request.runs), ...AUGMENTATION_NOTES, ...failureNotes(request.runs)],
    }),
    csv: csv(
      ['row', 'model', 'regularizer', 'setting', ...VALUE_COLUMNS('accuracy'), 'loss', 'ended', 'verdict'],
      rows.map(({ row, setting, cell, loss, ended, kind }) => [
        ...[row.id, row.model, row.regularizer, setting],
        ...[...values(cell), loss === '–' ? null : Number(loss), ended, kind],
      ]),
    ),
  };
}

/** A row with several coefficients has a line for each. */
function settingsOf(runs: TableRun[]): { setting: string; runs: TableRun[] }[] {
  const setting = (run: TableRun) =>
    run.planned.run.trajectory.optimizer.weightDecay > 0 ? coefficientOf(run) : '';
  return distinct(runs.map(setting)).map((one) => ({
    setting: one,
    runs: runs.filter((run) => setting(run) === one),
  }));
}

/** Mean of the last epoch, over seeds. */
function lossOf(runs: TableRun[]): string {
  const losses = runs.flatMap(({ outcome }) => outcome?.loss.mean ?? []);
  return losses.length === 0
    ? '–'
    : (losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toPrecision(3);
}
