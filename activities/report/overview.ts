/** The top of the page: how many verdicts of each kind, the four claims, and every verdict. */
import { type ArtifactPlace, PAPER_ARTIFACTS } from '../verdicts/ledger/artifacts.ts';
import { PAPER_CLAIMS } from '../verdicts/ledger/paper-claims.ts';
import { type Entry, kindOf } from './entries.ts';
import { type Html, html, NOTHING } from './html.ts';
import { bar, countsOf, countsText, kindMark } from './marks.ts';
import { scrollable } from './scrollable.ts';
import { verdictRow } from './verdict-views.ts';

export function counts(entries: Entry[]): Html {
  const items = countsOf(entries).map(
    ([kind, count]) => html`<li><span class="count">${count}</span> ${kindMark(kind)}</li>`,
  );
  return html`${bar(entries)}<ul class="counts">${items}</ul>`;
}

export function claimTable(entries: Entry[]): Html {
  const rows = PAPER_CLAIMS.map(({ name, title, says }) => {
    const own = entries.filter(({ record }) => record?.supports === name);
    return html`<tr><th scope="row"><span class="name">${name}. ${title}</span> ${says}</th><td>${bar(own)}<strong>${stateOf(own)}</strong><br>${countsText(own)}</td></tr>\n`;
  });
  return scrollable(
    'The four claims of the paper',
    html`<table class="claims"><caption class="hidden">The four claims of the paper and the state of their evidence</caption><thead><tr><th scope="col">claim</th><th scope="col">evidence</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** What the verdicts on a claim's evidence come to, in a few words. */
function stateOf(entries: Entry[]): string {
  const kinds = entries.map(kindOf);
  if (kinds.includes('contradicted')) return 'Contradicted in part';
  if (kinds.every((kind) => kind === 'reproduced')) return 'Reproduced';
  if (kinds.includes('reproduced')) return 'Reproduced in part';
  if (kinds.every((kind) => kind === 'not run')) return 'Not run';
  if (kinds.some((kind) => kind === 'off' || kind === 'depends on an open choice'))
    return 'Not reproduced yet';
  return 'Not judged at this scale';
}

/** On a phone its rows become blocks; the roles say that it stays a table. */
export function verdictTable(entries: Entry[]): Html {
  const groups = PAPER_ARTIFACTS.map((place) =>
    group(
      place,
      entries.filter(({ artifact }) => artifact === place.artifact),
    ),
  );
  return scrollable(
    'All verdicts',
    html`<table class="all" role="table"><caption class="hidden">Every claim and number of the paper, and what became of it</caption><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">claim</th><th scope="col" role="columnheader">paper</th><th scope="col" role="columnheader">ours</th><th scope="col" role="columnheader">verdict</th><th scope="col" role="columnheader">why</th></tr></thead>${groups}</table>`,
  );
}

/** Records that nobody judged are counted here and listed in the artifact's own section. */
function group({ artifact, title }: ArtifactPlace, entries: Entry[]): Html {
  const judged = entries.filter(({ verdict }) => verdict !== null);
  const left = entries.length - judged.length;
  const rest =
    left > 0
      ? html`<tr class="rest" role="row"><td colspan="5" role="cell">${judged.length > 0 ? `${left} more` : `All ${left}`} ${kindMark('not run')} <a href="#${artifact}">what they are, and what runs them<span class="hidden"> (${title})</span></a></td></tr>`
      : NOTHING;
  return html`<tbody role="rowgroup"><tr class="group" role="row"><th scope="rowgroup" colspan="5" role="rowheader"><a href="#${artifact}">${title}</a></th></tr>${judged.map(verdictRow)}${rest}</tbody>\n`;
}
