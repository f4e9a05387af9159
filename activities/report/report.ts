/** The report: one page that holds all it shows, with neither scripts nor a network, the same from a disk and from a
 *  bucket. 810 kB with the three panels of Figure 1: a picture costs about 200 kB, the ledger's text the rest. */
import { createHash } from 'node:crypto';
import { PAPER_ARTIFACTS } from '../verdicts/ledger/artifacts.ts';
import { entriesOf } from './entries.ts';
import { Html, html, NOTHING } from './html.ts';
import { claimTable, counts, verdictTable } from './overview.ts';
import { type Contents, isReproduction, type Made } from './request.ts';
import { section } from './section.ts';
import { STYLE } from './style.ts';

const TITLE = 'Rethinking generalization, reproduced';

/** Nothing is loaded, and no style but this one applies. */
const POLICY = `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** contents: the objects of `readBy`. */
export function report(made: Made, contents: Contents): string {
  const reproductions = made.filter(isReproduction);
  const entries = entriesOf(reproductions);
  const stamps = [
    ...new Set(reproductions.filter(({ trainings }) => trainings.needed > 0).map(({ stamp }) => stamp)),
  ];
  const sections = PAPER_ARTIFACTS.map((place) =>
    section(
      place,
      made.find(({ artifact }) => artifact === place.artifact),
      entries.filter(({ artifact }) => artifact === place.artifact),
      contents,
    ),
  );
  const failed = made.length - reproductions.length;
  const failures =
    failed > 0
      ? html`<p class="notice failed"><strong>${failed}</strong> of ${made.length} artifacts failed; their sections say why.</p>`
      : NOTHING;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${TITLE}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the claims</a>
<header>
<h1>${TITLE}</h1>
<p class="lede">Every number and claim of <cite>Understanding deep learning requires rethinking generalization</cite> (Zhang, Bengio, Hardt, Recht, Vinyals; ICLR 2017), and what became of it.</p>
${counts(entries)}
${stamps.map((stamp) => html`<p class="stamp">${stamp}</p>`)}
${failures}
${contentsList()}
</header>
<main id="main">
<section aria-labelledby="claims-title"><h2 id="claims-title">The four claims</h2>${claimTable(entries)}</section>
<section aria-labelledby="verdicts-title"><h2 id="verdicts-title">Verdicts</h2>
<p class="about">An arrow says whether what was seen points the paper’s way where the scale, the images or the precision forbid a verdict. Steps and times are those of the first evaluation with 99 % training accuracy, unless said otherwise.</p>
${verdictTable(entries)}</section>
${sections}</main>
<footer><p>Links to files work where this page lies in its bucket or in a copy of it; the page itself needs none of them.</p></footer>
</body>
</html>
`;
  return page.text;
}

const contentsList = (): Html =>
  html`<nav aria-label="Figures, tables and theorems"><ul>${PAPER_ARTIFACTS.map(({ artifact, title }) => html`<li><a href="#${artifact}">${title}</a></li>`)}</ul></nav>`;
