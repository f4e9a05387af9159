/** A figure on its white card, with its files. */
import type { DrawnFigure } from '../contract.ts';
import { type Html, html, NOTHING } from './html.ts';
import { dataUri, fileLinks, pathTo } from './links.ts';
import type { Contents } from './request.ts';

const CAPTIONS: Record<string, string> = {
  'figure-1a': 'Figure 1a. Training loss of one network under five conditions.',
  'figure-1b': 'Figure 1b. Time to overfit against label corruption, relative to true labels.',
  'figure-1c': 'Figure 1c. Test error at the end of training against label corruption.',
  'figure-2b': 'Figure 2b. Accuracy along training with and without batch norm.',
  'figure-3': 'Figure 3. The architecture, drawn from the network’s own definition.',
  'table-1-curves': 'Table 1. Training curves of every row.',
  'table-4-curves': 'Table 4. Training curves of every row.',
  'theorem-1-function': 'Theorem 1. The function that a network of a few points is.',
  'theorem-1-projection': 'Theorem 1. Which projection floats survive.',
  'theorem-1-error': 'Theorem 1. What floating point does to it, as the sample grows.',
  'corollary-1': 'Corollary 1. Width and weights against depth.',
  'sgd-distance': 'Section 5. Distance of SGD on a linear model from the least-norm solution.',
  'sgd-optima': 'Section 5. The Hessian of a linear model at two optima.',
};

/** The PNG is shown: its letters are drawn, where an SVG in a page takes whatever font there is. */
export function picture(figure: DrawnFigure, stamp: string, contents: Contents): Html {
  const { name, spec, svg, png, csv } = figure;
  const caption = CAPTIONS[name] ?? name;
  const bytes = contents.get(png.key);
  const size = bytes ? sizeOf(bytes) : null;
  const image =
    bytes && size
      ? html`<img src="${dataUri('image/png', bytes)}" width="${size.width}" height="${size.height}" alt="${caption} ${stamp}. The numbers are in the CSV file below.">`
      : NOTHING;
  const files = fileLinks(
    [
      ['SVG', svg],
      ['PNG', png],
      ['Vega-Lite', spec],
      ['CSV', csv],
    ],
    csv,
    contents,
  );
  return html`<figure><a class="card" href="${pathTo(svg)}">${image}</a><figcaption>${caption}</figcaption>${files}</figure>`;
}

const PRINT_ZOOM = 3; // of activities/drawing/render.ts: pixels of the file for one of the page

/** Width and height in pixels of the page, from the header of a PNG. */
const sizeOf = (png: Buffer) => ({
  width: Math.round(png.readUInt32BE(16) / PRINT_ZOOM),
  height: Math.round(png.readUInt32BE(20) / PRINT_ZOOM),
});
