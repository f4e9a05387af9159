/** How the page looks: calm on a screen of any width, in the light and in the dark, and on paper. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --ink: #1d1d1b; --soft: #5a5a55; --line: #dcdcd6; --card: #ffffff; --shade: #f1f1ec; --link: #0b5a8a;
  --reproduced: #1a6b3c; --off: #8a5300; --contradicted: #a4262c; --depends: #6b3fa0; --unjudged: #4f6272; --unrun: #5f5f5a;
  --bar-unrun: #dcdcd6; --bar-unjudged: #9fb0bd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #17191b; --ink: #e7e5e0; --soft: #a9a8a2; --line: #36393c; --card: #ffffff; --shade: #202326; --link: #8cc4ec;
    --reproduced: #7fd09c; --off: #e8b866; --contradicted: #ff9d96; --depends: #cbaaf6; --unjudged: #a9bccb; --unrun: #a9a8a2;
    --bar-unrun: #3d4144; --bar-unjudged: #62788a;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Open Sans', Arial, sans-serif; -webkit-text-size-adjust: 100%; }
body { --gutter: clamp(1.1rem, 5vw, 4rem); margin: 0 auto; max-width: 74rem; padding: 3.5rem var(--gutter) 4rem; background: var(--page); color: var(--ink); font-variant-numeric: tabular-nums lining-nums; overflow-wrap: break-word; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em; }
:focus-visible { outline: .18rem solid var(--link); outline-offset: .15rem; border-radius: .15rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem .8rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h1 { font-size: clamp(1.7rem, 1.2rem + 2.2vw, 2.5rem); line-height: 1.15; letter-spacing: -.015em; font-weight: 650; margin: 0 0 .8rem; text-wrap: balance; }
h2 { font-size: 1.4rem; line-height: 1.25; letter-spacing: -.01em; font-weight: 650; margin: 0 0 .5rem; }
h3 { font-size: 1rem; font-weight: 650; margin: 2rem 0 .5rem; }
p { margin: .4rem 0; max-width: 46rem; }
main > section { margin-top: 4rem; padding-top: 1.6rem; border-top: 1px solid var(--line); scroll-margin-top: 1rem; }
.lede { font-size: 1.1rem; color: var(--soft); }
.about, .stamp, .files, figcaption, caption, footer { color: var(--soft); }
.stamp, .files, figcaption, footer { font-size: .875rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); }
nav ul { list-style: none; padding: 0; margin: 1.6rem 0 0; display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; font-size: .9375rem; }
nav a { display: inline-block; padding: .15rem 0; }
.bar { display: block; width: 100%; height: .5rem; border-radius: .25rem; }
header .bar { margin-top: 1.8rem; height: .7rem; }
td .bar { margin: .35rem 0 .5rem; }
.bar .reproduced { fill: var(--reproduced); } .bar .off { fill: var(--off); } .bar .contradicted { fill: var(--contradicted); }
.bar .depends { fill: var(--depends); } .bar .unjudged { fill: var(--bar-unjudged); } .bar .unrun { fill: var(--bar-unrun); }
.counts { list-style: none; padding: 0; margin: .8rem 0 1.2rem; display: flex; flex-wrap: wrap; gap: .4rem 1.8rem; }
.count { font-size: 1.5rem; font-weight: 650; margin-right: .2rem; }
.kind { font-weight: 600; white-space: nowrap; }
.kind.reproduced { color: var(--reproduced); } .kind.off { color: var(--off); } .kind.contradicted { color: var(--contradicted); }
.kind.depends { color: var(--depends); } .kind.unjudged { color: var(--unjudged); } .kind.unrun { color: var(--unrun); }
.kind [aria-hidden] { font-weight: 400; }
.way { display: block; font-size: .8125rem; color: var(--soft); }
.scroll { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.45; }
caption { text-align: left; padding: 0 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem 1.1rem .5rem 0; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 600; color: var(--soft); border-bottom-color: var(--soft); vertical-align: bottom; white-space: nowrap; }
tbody th { font-weight: 400; }
.number { text-align: right; white-space: nowrap; }
.all { min-width: 56rem; }
.all th[scope=row] { width: 30%; } .all td:nth-child(2) { width: 10%; } .all td:nth-child(3) { width: 20%; } .all td.verdict { width: 15%; }
.group th { padding-top: 1.8rem; font-weight: 650; font-size: 1rem; border-bottom-color: var(--soft); }
.group a { color: inherit; text-decoration: none; } .group a:hover { text-decoration: underline; }
.rest td { color: var(--soft); } .rest a { white-space: nowrap; }
.claims th[scope=row] { width: 58%; color: var(--soft); } .claims .name { display: block; font-weight: 650; font-size: 1rem; color: var(--ink); }
.judging { min-width: 66rem; font-size: .8125rem; } .judging th[scope=row] { width: 18%; } .judging td { min-width: 5.5rem; } .judging .kind { white-space: normal; }
.compact { min-width: 60rem; }
.written p { font-size: .875rem; color: var(--soft); }
.written table { width: auto; min-width: min(100%, 40rem); }
.id, .digest { font-size: .75rem; color: var(--soft); overflow-wrap: anywhere; } .id { display: block; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace; }
pre { background: var(--shade); padding: .9rem 1rem; border-radius: .4rem; font-size: .8125rem; line-height: 1.6; margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.panel { display: grid; gap: 1.2rem 3rem; margin: 2rem 0; }
figure { margin: 0; min-width: 0; }
.card { display: block; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .4rem; }
img { display: block; width: 100%; max-width: 100%; height: auto; }
figcaption { margin-top: .7rem; color: var(--ink); }
.verdicts { list-style: none; margin: 0; padding: 0; font-size: .875rem; line-height: 1.5; min-width: 0; }
.verdicts li { padding: .8rem 0; border-top: 1px solid var(--line); } .verdicts li:first-child { border-top: 0; padding-top: 0; }
.verdicts p { margin: 0; } .verdicts dl { margin: .3rem 0; }
.verdicts dl div { display: grid; grid-template-columns: 3.4rem 1fr; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.origin { font-size: .875rem; margin: .4rem 0; }
.origin div { display: grid; grid-template-columns: 12rem 1fr; column-gap: 1rem; padding: .25rem 0; } .origin dd { grid-column: 2; }
details { margin: 1.2rem 0; }
summary { cursor: pointer; color: var(--link); font-size: .9375rem; padding: .2rem 0; }
.notice { border-left: .2rem solid var(--line); padding: .3rem 0 .3rem 1rem; margin: 1.2rem 0; } .notice.failed { border-color: var(--contradicted); }
@media (min-width: 62rem) {
  .panel:has(.verdicts) { grid-template-columns: minmax(0, 37rem) minmax(0, 1fr); align-items: start; }
  .panel:has(.verdicts li:nth-child(6)) { grid-template-columns: minmax(0, 1fr); } .panel figure { max-width: 37rem; } .panel:not(:has(.verdicts)) figure { max-width: none; }
  .verdicts:has(li:nth-child(6)) { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); column-gap: 2.5rem; }
  .verdicts:has(li:nth-child(6)) li:nth-child(-n+3) { border-top: 0; padding-top: 0; }
}
@media (max-width: 40rem) {
  body { padding-top: 2rem; }
  .origin div { grid-template-columns: 1fr; } .origin dd { grid-column: 1; }
  main > section { margin-top: 2.8rem; }
  .card { margin-inline: calc(-1 * var(--gutter)); border-inline: 0; border-radius: 0; padding: 0; }
  .all { min-width: 0; } .all thead { position: absolute; clip-path: inset(50%); height: 1px; overflow: hidden; }
  .all, .all tbody, .all tr, .all th, .all td { display: block; width: auto !important; border: 0; padding: 0; }
  .all tr { padding: .8rem 0; border-bottom: 1px solid var(--line); } .all .group { padding-top: 2rem; border-bottom-color: var(--soft); }
  .all td[data-label] { display: grid; grid-template-columns: 3.4rem 1fr; } .all td[data-label]::before { content: attr(data-label); color: var(--soft); }
  .all td.none { display: none; } .all td.verdict { margin: .2rem 0; } .all .id { margin-bottom: .3rem; }
}
@media print {
  @page { margin: 16mm 14mm; }
  :root { color-scheme: light; --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --shade: #f4f4f4; --link: #000;
    --reproduced: #1a6b3c; --off: #8a5300; --contradicted: #a4262c; --depends: #6b3fa0; --unjudged: #4f6272; --unrun: #555;
    --bar-unrun: #dcdcd6; --bar-unjudged: #9fb0bd; }
  html { font-size: 9.5pt; } body { padding: 0; max-width: none; }
  nav, .skip, .files { display: none; }
  .scroll { overflow: visible; } .all, .claims, .judging, .compact { min-width: 0; } .judging { font-size: 6.5pt; } .judging td { min-width: 0; } .judging th, .judging td { padding-right: .5em; } .judging .id, .judging .way { font-size: inherit; }
  .kind { white-space: normal; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  tr, figure, .verdicts li, pre { break-inside: avoid; } h2, h3, summary, .group { break-after: avoid; } thead { display: table-header-group; }
  .panel:has(.verdicts) { grid-template-columns: minmax(0, 10.5cm) minmax(0, 1fr); }
  .panel:has(.verdicts li:nth-child(6)) { grid-template-columns: minmax(0, 1fr); } .panel figure { max-width: 12cm; }
  .verdicts:has(li:nth-child(6)) { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); column-gap: 1.5rem; } .bar, .kind { print-color-adjust: exact; }
}
`;
