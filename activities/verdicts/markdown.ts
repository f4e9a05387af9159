/** Verdicts as a table that people read. */
import type { Verdict } from '../contract.ts';
import { FITTED_PERCENT } from './time-to-overfit.ts';

/** stamp: what was run on what. */
export function verdictsMarkdown(title: string, stamp: string, verdicts: Verdict[]): string {
  const rows = verdicts.map(({ claim, published, measured, kind, agrees, reason }) =>
    [claim, published, measured, verdictText(kind, agrees), reason].map(cell).join(' | '),
  );
  const lines = [
    `# ${text(title)}`,
    '',
    text(stamp),
    '',
    '| claim | paper | ours | verdict | why |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
    ...(verdicts.some(({ claim }) => claim.startsWith('figure-1'))
      ? [
          `Steps and times are those of the first evaluation with ${FITTED_PERCENT} % training accuracy, unless said otherwise.`,
        ]
      : []),
    'In brackets: whether what was seen points the way the paper says, where no verdict may be given.',
  ];
  return `${lines.join('\n')}\n`;
}

function verdictText(kind: Verdict['kind'], agrees: boolean | null): string {
  const settled = kind !== 'not judged at this scale' && kind !== 'not run';
  if (settled || agrees === null) return kind;
  return `${kind} (${agrees ? 'points the same way' : 'points the other way'})`;
}

const cell = (value: string) => (value === '' ? '–' : text(value));

/** No character of a data set's title or of a message may become markup or end a cell. */
export const text = (value: string) => value.replace(/\s*\r?\n\s*/g, ' ').replace(/[\\`*_[\]<>|]/g, '\\$&');
