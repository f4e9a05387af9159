/** A Vega-Lite specification in; the same bytes of SVG and PNG out, on every machine. */
import { Resvg } from '@resvg/resvg-js';
import { parse, textMetrics, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { FONT_FILES, textWidth } from './font.ts';

declare module 'vega' {
  /** How Vega measures text; a part of its interface that its types leave out. */
  export const textMetrics: { width: (item: TextItem, text?: string) => number };
}

interface TextItem {
  text?: unknown;
  fontSize?: number;
  fontWeight?: number | string;
}

// Without this, Vega asks a canvas where one is installed and guesses where none is.
textMetrics.width = (item, text) =>
  textWidth(String(text ?? item.text ?? ''), item.fontSize ?? 11, Number(item.fontWeight) >= 600);

const PRINT_ZOOM = 3; // about 300 dots an inch at a column's width

export async function render(spec: TopLevelSpec): Promise<{ spec: Buffer; svg: Buffer; png: Buffer }> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  const svg = withOwnIds(await view.toSVG());
  view.finalize();
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: PRINT_ZOOM },
    font: { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: 'Inter' },
  });
  return {
    spec: Buffer.from(`${JSON.stringify(spec, null, 1)}\n`),
    svg: Buffer.from(svg),
    png: Buffer.from(picture.render().asPng()),
  };
}

/** Vega numbers clip paths over the life of the process; here they count from one in every picture. */
function withOwnIds(svg: string): string {
  const ids = [...new Set(Array.from(svg.matchAll(/ id="(clip\d+)"/g), ([, id]) => id))];
  return svg.replace(/( id="|url\(#)(clip\d+)/g, (_, before, id) => `${before}clip${ids.indexOf(id) + 1}`);
}
