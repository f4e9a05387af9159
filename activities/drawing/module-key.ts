/** What the modules of a network are made of: its conv modules, and the first module of each kind with its shapes. */
import { type Measured, size } from '../models/measure.ts';
import type { Structure } from '../models/structure.ts';
import { afterConvolution, branchesOf, nameOf, shapeText, wordingOf } from '../models/wording.ts';
import type { Box, Diagram } from './diagram.ts';
import { between, fillOf } from './network-column.ts';
import { count } from './stamp.ts';

const TITLE = 30;
const BOX = { width: 112, height: 34, gap: 8, apart: 18 };
const WIDTH = 2 * BOX.width + BOX.gap;
const BETWEEN = 34;
const PLAIN = '#ffffff';

interface Example {
  title: string;
  of: string;
  /** Rows of boxes, those of a row side by side. */
  rows: Pick<Box, 'fill' | 'words'>[][];
}

export function moduleKey(stages: Measured[]): Diagram & { height: number } {
  const key: Diagram = { boxes: [], lines: [], words: [] };
  let y = 8; // of the next title
  for (const { title, of, rows } of [...convModules(stages), ...modules(stages)]) {
    key.words.push(
      { x: 0, y, text: title, align: 'left', look: 'bold' },
      { x: 0, y: y + 15, text: of, align: 'left', look: 'small' },
    );
    const placed = rows.map((row, i) =>
      row.map((box, j) => placeOf(box, j, row.length, y + TITLE + i * (BOX.height + BOX.apart))),
    );
    key.boxes.push(...placed.flat());
    key.lines.push(...placed.slice(1).flatMap((row, i) => between(placed[i], row)));
    y += TITLE + rows.length * (BOX.height + BOX.apart) - BOX.apart + BETWEEN;
  }
  return { ...key, height: y - BETWEEN };
}

function placeOf(box: Example['rows'][number][number], index: number, boxes: number, y: number): Box {
  const whole = boxes * BOX.width + (boxes - 1) * BOX.gap;
  const x = (WIDTH - whole) / 2 + index * (BOX.width + BOX.gap);
  return { ...box, x, y, width: BOX.width, height: BOX.height };
}

/** One for each way that a convolution of the network goes on. */
function convModules(stages: Measured[]): Example[] {
  const convolutions = stages.flatMap(branchesOf).flatMap((part) => {
    const { structure } = part;
    return structure.op === 'convolution' ? [{ part, structure }] : [];
  });
  return firstOfEach(convolutions, ({ structure }) => afterConvolution(structure).join()).map(
    ({ part, structure }) => {
      const [offset, ...rest] = afterConvolution(structure);
      return {
        title: 'Conv module',
        of: `here ${nameOf(part)}: ${wordingOf(part)}`,
        rows: [
          [{ fill: fillOf('convolution'), words: ['convolution', kernelText(structure)] }],
          [{ fill: PLAIN, words: [offset, `one a filter · ${count(structure.offset.shape[0])}`] }],
          ...rest.map((words) => [{ fill: PLAIN, words: [words] }]),
        ],
      };
    },
  );
}

const kernelText = ({ kernel: { shape } }: Extract<Structure, { op: 'convolution' }>) =>
  `${shapeText(shape)} · ${count(size(shape))}`;

function modules(stages: Measured[]): Example[] {
  const found = stages.flatMap((part) =>
    part.structure.op === 'module' ? [{ part, structure: part.structure }] : [],
  );
  return firstOfEach(found, ({ structure }) => structure.kind).map(({ part, structure }) => ({
    title: `${structure.kind} module`,
    of: `here ${structure.name}`,
    rows: [
      [{ fill: PLAIN, words: ['input', shapeText(part.input)] }],
      branchesOf(part).map((branch) => ({
        fill: fillOf(branch.structure.op),
        words: [wordingOf(branch), `${shapeText(branch.output)} · ${count(branch.parameters)}`],
      })),
      [{ fill: PLAIN, words: ['concat', `${shapeText(part.output)} · ${count(part.parameters)}`] }],
    ],
  }));
}

function firstOfEach<T>(items: T[], kindOf: (item: T) => string): T[] {
  return items.filter((item, i) => items.findIndex((other) => kindOf(other) === kindOf(item)) === i);
}
