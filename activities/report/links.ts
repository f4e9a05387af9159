/** Files beside the page, and in it. */
import type { ObjectRef } from '../contract.ts';
import { type Html, html, NOTHING } from './html.ts';
import type { Contents } from './request.ts';

/** The page is `reports/<id>/report.html`: from there to any key of the bucket, or of a copy of it. */
export const pathTo = ({ key }: ObjectRef) => `../../${key}`;

export const dataUri = (mediaType: string, bytes: Buffer) =>
  `data:${mediaType};base64,${bytes.toString('base64')}`;

const nameOf = ({ key }: ObjectRef) => key.slice(key.lastIndexOf('/') + 1);

/** `Files: SVG, CSV (in this page: CSV)` */
export function fileLinks(files: [string, ObjectRef][], csv: ObjectRef, contents: Contents): Html {
  const bytes = contents.get(csv.key);
  const links = files.map(
    ([form, ref], index) =>
      html`${index > 0 ? ', ' : ''}<a href="${pathTo(ref)}">${form}<span class="hidden"> of ${nameOf(ref)}</span></a>`,
  );
  const embedded = bytes
    ? html`; in this page: <a href="${dataUri('text/csv', bytes)}" download="${nameOf(csv)}">CSV<span class="hidden">, ${nameOf(csv)}</span></a>`
    : NOTHING;
  return html`<p class="files">In the bucket: ${links}${embedded}</p>`;
}

export function fileTable(refs: ObjectRef[], caption: string): Html {
  const rows = refs.map(
    (ref) =>
      html`<tr><th scope="row"><a href="${pathTo(ref)}">${ref.key}</a></th><td class="number">${ref.bytes.toLocaleString('en-US')}</td><td><code class="digest">${ref.sha256}</code></td></tr>`,
  );
  return html`<table class="compact"><caption>${caption}</caption><thead><tr><th scope="col">key</th><th scope="col" class="number">bytes</th><th scope="col">SHA-256</th></tr></thead><tbody>${rows}</tbody></table>`;
}
