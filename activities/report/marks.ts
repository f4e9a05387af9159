/** How a verdict looks: a mark and a word, never colour alone. */
import { VerdictKind } from '../contract.ts';
import { type Entry, kindOf } from './entries.ts';
import { type Html, html } from './html.ts';

/** The names of classes and colours. */
const CLASS: Record<VerdictKind, string> = {
  reproduced: 'reproduced',
  off: 'off',
  contradicted: 'contradicted',
  'depends on an open choice': 'depends',
  'not judged at this scale': 'unjudged',
  'not run': 'unrun',
};

const SYMBOL: Record<VerdictKind, string> = {
  reproduced: '✓',
  off: '≠',
  contradicted: '✗',
  'depends on an open choice': '?',
  'not judged at this scale': '○',
  'not run': '·',
};

export const kindMark = (kind: VerdictKind): Html =>
  html`<span class="kind ${CLASS[kind]}"><span aria-hidden="true">${SYMBOL[kind]} </span>${kind}</span>`;

/** With the direction, where no verdict may be given. */
export function verdictMark(entry: Entry): Html {
  const kind = kindOf(entry);
  const agrees = entry.verdict?.agrees ?? null;
  if (kind !== 'not judged at this scale' || agrees === null) return kindMark(kind);
  const way = agrees ? '→ points the paper’s way' : '↛ points the other way';
  return html`${kindMark(kind)}<span class="way">${way}</span>`;
}

export type Counts = [VerdictKind, number][];

/** How many of each kind, the kinds that occur, from reproduced to not run. */
export const countsOf = (entries: Entry[]): Counts =>
  VerdictKind.options
    .map((kind): Counts[number] => [kind, entries.filter((entry) => kindOf(entry) === kind).length])
    .filter(([, count]) => count > 0);

/** `2 reproduced, 9 not judged at this scale (8 point the paper’s way), 30 not run` */
export function countsText(entries: Entry[]): string {
  return countsOf(entries)
    .map(([kind, count]) => {
      const own =
        kind === 'not judged at this scale' ? entries.filter((entry) => kindOf(entry) === kind) : [];
      const ways = [true, false].map((way) => own.filter(({ verdict }) => verdict?.agrees === way).length);
      const parts = [
        ...(ways[0] > 0 ? [`${ways[0]} ${ways[0] === 1 ? 'points' : 'point'} the paper’s way`] : []),
        ...(ways[1] > 0 ? [`${ways[1]} the other way`] : []),
      ];
      return `${count} ${kind}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
    })
    .join(', ');
}

/** The shares of the kinds as a bar, for the eye alone: the counts stand beside it. */
export function bar(entries: Entry[]): Html {
  let from = 0;
  const parts = countsOf(entries).map(([kind, count]) => {
    const part = html`<rect class="${CLASS[kind]}" x="${from}" width="${count}" height="1"/>`;
    from += count;
    return part;
  });
  return html`<svg class="bar" viewBox="0 0 ${from} 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">${parts}</svg>`;
}
