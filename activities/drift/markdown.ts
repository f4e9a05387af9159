/** The drift report as people read it. */
import type { DriftReport } from '../contract.ts';
import { text } from '../verdicts/markdown.ts';

const row = (cells: string[]) => `| ${cells.map((cell) => (cell === '' ? '–' : text(cell))).join(' | ')} |`;

export function driftMarkdown({ night, before, differences, leftOut, canaries }: DriftReport): string {
  const lines = [
    `# Night of ${text(night)}`,
    '',
    before ? `Held against the night of ${text(before)}.` : 'The first night: nothing to hold it against.',
    '',
    ...(differences.length === 0
      ? [before ? 'Nothing differs.' : '']
      : [
          '| | what | before | now | why |',
          '| --- | --- | --- | --- | --- |',
          ...differences.map(({ of, what, before: was, now, alert, reason }) =>
            row([alert ? `! ${of}` : of, what, was, now, reason]),
          ),
          '',
          '`!` wants a look.',
        ]),
    '',
    ...(canaries.length > 0
      ? ['Trained again:', '', ...canaries.map(({ title, state }) => `- ${text(title)}: ${state}`), '']
      : []),
    ...(leftOut.length > 0
      ? [`The budget was used up; left for the next night: ${leftOut.join(', ')}.`, '']
      : []),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
