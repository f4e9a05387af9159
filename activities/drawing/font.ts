/** Inter, the one font of every picture, read from its package so that text has the same width everywhere. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const resolve = createRequire(import.meta.url).resolve;

/** Files for the rasteriser, which loads no font of the system. */
export const FONT_FILES = [
  resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
];

const [regular, semiBold] = FONT_FILES.map((path) => advanceWidths(readFileSync(path)));

/** Width of a line in pixels, without kerning, which narrows a line by one or two per cent. */
export function textWidth(text: string, fontSize: number, bold: boolean): number {
  const advance = bold ? semiBold : regular;
  return [...text].reduce((width, character) => width + advance(character) * fontSize, 0);
}

/** Breaks text between words so that no line is wider than `width` pixels. */
export function wrap(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, fontSize, false) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** How far a character moves the pen, in units of the font size: the OpenType tables head, hhea, hmtx and the
 *  Unicode subtable (format 4) of cmap. */
function advanceWidths(font: Buffer): (character: string) => number {
  const table = (tag: string) => {
    for (let record = 12; ; record += 16) {
      if (font.toString('latin1', record, record + 4) === tag) return font.readUInt32BE(record + 8);
    }
  };
  const unitsPerEm = font.readUInt16BE(table('head') + 18);
  const longMetrics = font.readUInt16BE(table('hhea') + 34);
  const hmtx = table('hmtx');
  const subtable = unicodeSubtable(font, table('cmap'));
  const segments = font.readUInt16BE(subtable + 6) / 2;
  const ends = subtable + 14;
  const starts = ends + 2 * segments + 2;
  const deltas = starts + 2 * segments;
  const offsets = deltas + 2 * segments;

  const glyphOf = (code: number): number => {
    let segment = 0;
    while (font.readUInt16BE(ends + 2 * segment) < code) segment++;
    const start = font.readUInt16BE(starts + 2 * segment);
    if (start > code) return 0; // the box that stands for a missing glyph
    const delta = font.readUInt16BE(deltas + 2 * segment);
    const at = offsets + 2 * segment;
    const offset = font.readUInt16BE(at);
    if (offset === 0) return (code + delta) & 0xffff;
    return (font.readUInt16BE(at + offset + 2 * (code - start)) + delta) & 0xffff;
  };
  return (character) => {
    const glyph = Math.min(glyphOf(character.charCodeAt(0)), longMetrics - 1);
    return font.readUInt16BE(hmtx + 4 * glyph) / unitsPerEm;
  };
}

function unicodeSubtable(font: Buffer, cmap: number): number {
  for (let record = cmap + 4; ; record += 8) {
    const subtable = cmap + font.readUInt32BE(record + 4);
    if (font.readUInt16BE(record) === 3 && font.readUInt16BE(subtable) === 4) return subtable;
  }
}
