/** Pipe tables with a stamp above and notes below. */
import { text } from '../verdicts/markdown.ts';

export function markdownTable(table: {
  title: string;
  stamp: string;
  columns: string[];
  rows: string[][];
  notes: string[];
}): string {
  const line = (cells: string[]) => `| ${cells.map(text).join(' | ')} |`;
  const lines = [
    `# ${text(table.title)}`,
    '',
    text(table.stamp),
    '',
    line(table.columns),
    `|${table.columns.map(() => ' --- |').join('')}`,
    ...table.rows.map(line),
    ...table.notes.flatMap((note) => ['', text(note)]),
  ];
  return `${lines.join('\n')}\n`;
}
