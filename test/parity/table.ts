/** What was compared, as a table for people. */
import { boundOf } from './bounds.ts';
import type { Subject } from './case.ts';
import type { Difference } from './compare.ts';

/** Of one subject, in the same order: ours from PyTorch's float64; PyTorch's float32 from its float64; ours from
 *  PyTorch's float32. */
export interface Comparison {
  subject: Subject;
  ours: Difference[];
  theirs: Difference[];
  apart: Difference[];
}

const COLUMNS = [
  ...['of', 'quantity', 'ours', 'PyTorch', 'ours from PyTorch float32', 'at most', 'farthest tensor of ours'],
];

/** A Markdown table whose columns stand under one another. */
export function table(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ subject, ours, theirs, apart }) =>
    ours.map(({ quantity, tensor, relative }, i) => [
      subject,
      quantity.replaceAll('-', ' '),
      scientific(relative),
      scientific(theirs[i]!.relative),
      scientific(apart[i]!.relative),
      scientific(boundOf(subject, quantity)),
      tensor === quantity ? '' : tensor.slice(quantity.length + 1),
    ]),
  );
  const widths = COLUMNS.map((column, i) =>
    Math.max(column.length, ...rows.map((cells) => cells[i]!.length)),
  );
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(COLUMNS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

const scientific = (value: number) => (value === 0 ? '0' : value.toExponential(1));
