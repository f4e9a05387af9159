/** Verdicts as they are shown: all of them in one table, those of a picture beside it, and how each is judged. */
import { type Entry, publishedOf, saysOf } from './entries.ts';
import { type Html, html, NOTHING } from './html.ts';
import { verdictMark } from './marks.ts';
import { scrollable } from './scrollable.ts';

const orDash = (text: string | null | undefined) => text || '–';

const claim = (entry: Entry): Html => html`${saysOf(entry)} <code class="id">${entry.id}</code>`;

/** A row of the table on top: claim, paper, ours, verdict, why. */
export const verdictRow = (entry: Entry): Html =>
  html`<tr role="row"><th scope="row" role="rowheader">${claim(entry)}</th>${cell('Paper', publishedOf(entry))}${cell('Ours', entry.verdict?.measured)}<td role="cell" class="verdict">${verdictMark(entry)}</td>${cell('Why', entry.verdict?.reason)}</tr>\n`;

/** label: what stands before it on a phone. */
const cell = (label: string, text: string | null | undefined): Html =>
  html`<td role="cell" data-label="${label}" class="${text ? 'some' : 'none'}">${orDash(text)}</td>`;

/** Beside a picture. */
export function verdictList(entries: Entry[]): Html {
  const items = entries.map((entry) => {
    const published = publishedOf(entry);
    const paper = published ? html`<div><dt>Paper</dt><dd>${published}</dd></div>` : NOTHING;
    return html`<li><p class="says">${saysOf(entry)}</p><dl>${paper}<div><dt>Ours</dt><dd>${orDash(entry.verdict?.measured)}</dd></div></dl><p class="verdict">${verdictMark(entry)}</p></li>\n`;
  });
  return html`<ul class="verdicts">${items}</ul>`;
}

/** What counts as agreement, and why. */
export function judging(entries: Entry[], title: string): Html {
  const rows = entries.map((entry) => {
    const { record } = entry;
    const open = record?.openChoices.join(', ');
    return html`<tr><th scope="row">${claim(entry)}</th><td>${orDash(publishedOf(entry))}</td><td>${orDash(entry.verdict?.measured)}</td><td class="verdict">${verdictMark(entry)}</td><td>${orDash(record?.measure)}</td><td>${orDash(record?.tolerance)}</td><td>${orDash(record?.judgedAt.join(', '))}</td><td>${orDash(open)}</td></tr>\n`;
  });
  return scrollable(
    `${title}: how each claim is judged`,
    html`<table class="judging"><caption>${title}: what counts as agreement, set before any run was looked at</caption><thead><tr><th scope="col">claim</th><th scope="col">paper</th><th scope="col">ours</th><th scope="col">verdict</th><th scope="col">how measured</th><th scope="col">what agrees</th><th scope="col">judged at profile</th><th scope="col">open in the paper</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}
