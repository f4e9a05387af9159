/** One figure, table or theorem: what was made, what the paper says, where it comes from, how to make it again. */
import type { Failed, Reproduction, WrittenTable } from '../contract.ts';
import type { ArtifactPlace } from '../verdicts/ledger/artifacts.ts';
import { commandsOf, exists } from './commands.ts';
import type { Entry } from './entries.ts';
import { type Html, html, NOTHING } from './html.ts';
import { fileLinks, fileTable } from './links.ts';
import { tablesOf } from './markdown-table.ts';
import { countsText } from './marks.ts';
import { origin } from './origin.ts';
import { picture } from './picture.ts';
import { type Contents, isReproduction } from './request.ts';
import { scrollable } from './scrollable.ts';
import { judging, verdictList } from './verdict-views.ts';

/** entries: all of this artifact. made: undefined where nobody asked for it. */
export function section(
  place: ArtifactPlace,
  made: Reproduction | Failed | undefined,
  entries: Entry[],
  contents: Contents,
): Html {
  const { artifact, title, about } = place;
  const body = made && isReproduction(made) ? present(made, entries, contents) : absent(place, made);
  const records =
    entries.length > 0
      ? html`<details><summary>${title}: ${entries.length === 1 ? 'one record' : `all ${entries.length} records`}, and how each is judged</summary>${judging(entries, title)}</details>`
      : NOTHING;
  const origins = made && isReproduction(made) ? provenance(made, title, contents) : NOTHING;
  return html`<section id="${artifact}" aria-labelledby="${artifact}-title">
<h2 id="${artifact}-title">${title}</h2>
<p class="about">${about}</p>
${body}
${records}
${again(place, made)}
${origins}
</section>
`;
}

function present(made: Reproduction, entries: Entry[], contents: Contents): Html {
  const { stamp, figures, tables, trainings } = made;
  const { needed, stored, failed } = trainings;
  const trained = [
    `${needed} ${needed === 1 ? 'training' : 'trainings'}`,
    `${stored} in the store already`,
    ...(failed > 0 ? [`${failed} without an outcome`] : []),
  ].join(', ');
  const pictures = figures.map((figure) => {
    const beside = entries.filter(({ id }) => id.startsWith(`${figure.name}.`));
    return html`<div class="panel">${picture(figure, stamp, contents)}${beside.length > 0 ? verdictList(beside) : NOTHING}</div>`;
  });
  return html`<p class="stamp">${stamp}</p>
<p class="stamp">${countsText(entries)}.${needed > 0 ? ` ${trained}.` : ''}</p>
${pictures}${tables.map((table) => written(table, contents))}`;
}

function written({ name, markdown, csv }: WrittenTable, contents: Contents): Html {
  const text = contents.get(markdown.key);
  const files = fileLinks(
    [
      ['Markdown', markdown],
      ['CSV', csv],
    ],
    csv,
    contents,
  );
  return html`<div class="written" id="${name}-numbers">${text ? tablesOf(text.toString()) : NOTHING}${files}</div>`;
}

function absent({ workflow }: ArtifactPlace, made: Failed | undefined): Html {
  if (made) {
    const { type, message } = made.failure;
    return html`<p class="notice failed"><strong>Failed</strong> (${type}): ${message}</p>`;
  }
  const reason = exists(workflow)
    ? 'Nobody asked for it; the commands below run it.'
    : `The workflow ${workflow} is to make it; this version does not have it yet.`;
  return html`<p class="notice"><strong>Not run.</strong> ${reason}</p>`;
}

function again(place: ArtifactPlace, made: Reproduction | Failed | undefined): Html {
  if (!exists(place.workflow)) return NOTHING;
  const input = made?.input ?? {};
  const commands = commandsOf(place, input);
  return html`<h3>${made && isReproduction(made) ? 'Make it again' : 'Make it'}<span class="hidden">: ${place.title}</span></h3>
${commands.map((command) => html`<pre><code>${command}</code></pre>`)}`;
}

function provenance(made: Reproduction, title: string, contents: Contents): Html {
  const { figures, tables, verdictsJson, verdictsMarkdown } = made;
  const refs = [
    ...figures.flatMap(({ svg, png, spec, csv, provenance }) => [svg, png, spec, csv, provenance]),
    ...tables.flatMap(({ markdown, csv, provenance }) => [markdown, csv, provenance]),
    verdictsJson,
    verdictsMarkdown,
  ];
  return html`<h3>Provenance<span class="hidden"> of ${title}</span></h3>
${origin(made, contents)}
<details><summary>${title}: ${refs.length} files and their digests</summary>${scrollable(`${title}: files`, fileTable(refs, `${title}: files in the bucket`))}</details>`;
}
