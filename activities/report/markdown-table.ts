/** Tables as they are written for people (activities/tables/), as HTML: headings, paragraphs and pipe tables; a
 *  backslash before a character takes its meaning away. */
import { type Html, html } from './html.ts';
import { scrollable } from './scrollable.ts';

/** The text's first heading names its tables. */
export function tablesOf(markdown: string): Html[] {
  const blocks = markdown.trim().split(/\n\s*\n/);
  const title = blocks.find((block) => block.startsWith('#')) ?? '';
  const caption = plain(title.replace(/^#+\s*/, ''));
  return blocks
    .filter((block) => block !== title)
    .map((block, place) => (isTable(block) ? table(caption, block, place) : prose(block)));
}

const isTable = (block: string) => block.split('\n').every((line) => line.trim().startsWith('|'));

const prose = (block: string) =>
  block.startsWith('#') ? html`<h3>${plain(block.replace(/^#+\s*/, ''))}</h3>` : html`<p>${plain(block)}</p>`;

/** place: among the blocks; with it no two boxes of a page have the same name. */
function table(caption: string, block: string, place: number): Html {
  const [head, , ...body] = block.split('\n').map(cellsOf);
  const right = head.map((_, column) => body.every((row) => isNumber(row[column] ?? '')));
  const alignment = (column: number) => (right[column] ? 'number' : 'text');
  const rows = body.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row">${name}</th>${cells.map((cell, index) => html`<td class="${alignment(index + 1)}">${cell}</td>`)}</tr>`,
  );
  const columns = head.map((name, column) => html`<th scope="col" class="${alignment(column)}">${name}</th>`);
  return scrollable(
    `${caption}, table ${place + 1}`,
    html`<table><caption>${caption}</caption><thead><tr>${columns}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** `| a | b \| c |` -> `a`, `b | c` */
const cellsOf = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => plain(cell.trim()));

const isNumber = (cell: string) => /^([−+-]?[\d,.]+( ± [\d.]+)?( %| points)?|–|)$/.test(cell);

const plain = (text: string) => text.replace(/\\([\\`*_[\]<>|])/g, '$1');
