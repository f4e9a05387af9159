/** Table 1: accuracy on CIFAR-10, ours beside the published one, row by row. */
import type { DatasetRef, TableRun, Verdict } from '../contract.ts';
import { csv } from '../drawing/csv.ts';
import { type PanelRequest, stamp } from '../drawing/stamp.ts';
import { MODEL_STYLE } from '../drawing/theme.ts';
import { TABLE_1_ROWS } from '../verdicts/ledger/table-1.ts';
import { ofRow } from '../verdicts/runs.ts';
import { judgeTable1 } from '../verdicts/tables.ts';
import { cellOf, texts, VALUE_COLUMNS, values } from './cell.ts';
import { markdownTable } from './markdown.ts';
import { batchNote, CROP_NOTE, coefficientNote, failureNotes, verdictOf } from './notes.ts';
import type { Table } from './tables.ts';

export function table1(request: PanelRequest<TableRun, DatasetRef>): Table {
  const verdicts = judgeTable1(request);
  const rows = TABLE_1_ROWS.filter(({ id }) => ofRow(request.runs, id).length > 0).map((row) => {
    const runs = ofRow(request.runs, row.id);
    return {
      ...row,
      train: cellOf(runs, ({ train }) => train, row.train),
      test: cellOf(runs, ({ test }) => test, row.test),
      verdict: (['train', 'test'] as const).map((split) => verdictOf(verdicts, `table-1.${row.id}.${split}`)),
    };
  });
  const yes = (on: boolean) => (on ? 'yes' : 'no');
  const markdown = markdownTable({
    title: 'Table 1: CIFAR-10, accuracy in per cent',
    stamp: stamp(request),
    columns: [
      ...['model', 'labels', 'crop', 'weight decay'],
      ...['train', 'paper', 'difference', 'test', 'paper', 'difference', 'verdict'],
    ],
    rows: rows.map(({ model, labels, crop, weightDecay, train, test, verdict }) => [
      ...[MODEL_STYLE[model].label, labels, yes(crop), yes(weightDecay)],
      ...[...texts(train), ...texts(test), summaryOf(verdict)],
    ]),
    notes: [coefficientNote(request.runs), CROP_NOTE, batchNote(request.runs), ...failureNotes(request.runs)],
  });
  const columns = ['row', 'model', 'labels', 'crop', 'weight_decay'];
  return {
    markdown,
    csv: csv(
      [...columns, ...VALUE_COLUMNS('train'), ...VALUE_COLUMNS('test'), 'train_verdict', 'test_verdict'],
      rows.map(({ id, model, labels, crop, weightDecay, train, test, verdict }) => [
        ...[id, model, labels, crop, weightDecay],
        ...[...values(train), ...values(test), ...verdict.map(({ kind }) => kind)],
      ]),
    ),
  };
}

/** One word where both cells share it. */
export function summaryOf(verdicts: Verdict[]): string {
  const [train, test] = verdicts.map(({ kind }) => kind);
  return train === test ? train! : `${train} / ${test}`;
}
