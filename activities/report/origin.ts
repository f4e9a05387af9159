/** What the provenance of an artifact says, for people. */
import { z } from 'zod';
import type { Reproduction } from '../contract.ts';
import { type Html, html, NOTHING } from './html.ts';
import type { Contents } from './request.ts';

/** Of an RO-Crate (activities/provenance/), what the page shows. */
const Crate = z.object({
  '@graph': z.array(
    z.object({
      '@id': z.string(),
      '@type': z.string(),
      name: z.string().optional(),
      description: z.string().optional(),
      version: z.string().optional(),
      startTime: z.string().optional(),
      endTime: z.string().optional(),
    }),
  ),
});

/** Of `verdicts.json`. */
const Judged = z.object({
  dataset: z.object({ name: z.string(), sha256: z.string(), title: z.string() }).optional(),
});

export function origin({ figures, tables, verdictsJson }: Reproduction, contents: Contents): Html {
  const graphs = [...figures, ...tables].flatMap(({ provenance: { key } }) => {
    const bytes = contents.get(key);
    return bytes ? [Crate.parse(JSON.parse(bytes.toString()))['@graph']] : [];
  });
  const entities = graphs.flat();
  const software = entities.filter((entity) => entity['@type'] === 'SoftwareApplication');
  const machines = entities.filter((entity) => entity['@id'] === '#machine');
  const times = entities.flatMap(({ startTime, endTime }) =>
    startTime && endTime ? [startTime, endTime] : [],
  );
  const judged = contents.get(verdictsJson.key);
  const dataset = judged && Judged.parse(JSON.parse(judged.toString())).dataset;
  return html`<dl class="origin">${[
    ...(dataset
      ? [fact('Data set', [html`${dataset.title}, SHA-256 <code class="digest">${dataset.sha256}</code>`])]
      : []),
    ...(software.length > 0
      ? [fact('Software', distinct(software.map(({ name = '', version = '' }) => `${name} ${version}`)))]
      : []),
    ...(machines.length > 0
      ? [
          fact(
            'Drawn and written on',
            distinct(machines.map(({ name = '', description = '' }) => `${name}: ${description}`)),
          ),
        ]
      : []),
    ...(times.length > 0 ? [fact('Drawn and written at', [span(times.sort())])] : []),
  ]}</dl>`;
}

const fact = (name: string, values: Html[]): Html =>
  html`<div><dt>${name}</dt>${values.map((value) => html`<dd>${value}</dd>`)}</div>`;

const distinct = (texts: string[]): Html[] => [...new Set(texts)].map((text) => html`${text}`);

/** times: ISO 8601 in UTC, sorted. */
function span(times: string[]): Html {
  const [first, last] = [times[0], times[times.length - 1]].map(
    (time) => html`<time datetime="${time}">${time.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>`,
  );
  return html`${first}${first.text === last.text ? NOTHING : html` to ${last}`}`;
}
