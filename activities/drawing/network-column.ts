/** A network from top to bottom: a row for every part, its branches side by side, its counts beside it. */
import type { Measured, Shape } from '../models/measure.ts';
import { branchesOf, nameOf, shapeText, wordingOf } from '../models/wording.ts';
import type { Box, Diagram, Line, Words } from './diagram.ts';
import { count } from './stamp.ts';

/** Boxes side by side and what comes into and out of them. */
const BOX = { height: 34, gap: 10 };
const ROW = { height: 56, top: 30 };
const COLUMN = { title: 100, boxes: 300, shape: 90, parameters: 88, multiplyAdds: 88 };
const WIDTH = Object.values(COLUMN).reduce((sum, width) => sum + width, 0);

/** Of different lightness, for print without colour; small grey words keep a contrast of 4.5 : 1 on a convolution. */
const FILLS: Record<string, string> = {
  convolution: '#c3dbee',
  'max-pool': '#f7e3c8',
  'mean-pool': '#f7e3c8',
  dense: '#a9d6c2',
};
export const fillOf = (op: string) => FILLS[op] ?? '#f4f4f4';

/** left: where the column begins. */
export function networkColumn(
  image: Shape,
  stages: Measured[],
  left: number,
): Diagram & { width: number; height: number } {
  const yOf = (row: number) => ROW.top + ROW.height * row;
  const rows = stages.map((stage, i) => rowOf(stage, left, yOf(i + 1)));
  const entry: Box = {
    ...placeIn(left, 0, 1),
    y: yOf(0),
    fill: '#ffffff',
    words: [`image ${shapeText(image)}`],
  };
  const all = [[entry], ...rows.map(({ boxes }) => boxes)];
  return {
    boxes: all.flat(),
    lines: all.slice(1).flatMap((boxes, i) => between(all[i], boxes)),
    words: [...headings(left), ...rows.flatMap(({ words }) => words)],
    width: WIDTH,
    height: yOf(stages.length) + BOX.height,
  };
}

const countOrNone = (value: number) => (value > 0 ? count(value) : '–');

function headings(left: number): Words[] {
  const y = 8;
  const at = placesOf(left);
  return [
    { x: at.shape, y, text: 'Output', align: 'right', look: 'small' },
    { x: at.parameters, y, text: 'Parameters', align: 'right', look: 'small' },
    { x: at.multiplyAdds, y, text: 'Multiply-adds', align: 'right', look: 'small' },
  ];
}

/** Right edges of the columns of numbers. */
function placesOf(left: number) {
  const shape = left + COLUMN.title + COLUMN.boxes + COLUMN.shape;
  const parameters = shape + COLUMN.parameters;
  return { shape, parameters, multiplyAdds: parameters + COLUMN.multiplyAdds };
}

function placeIn(left: number, index: number, branches: number) {
  const width = (COLUMN.boxes - BOX.gap * (Math.max(branches, 2) - 1)) / Math.max(branches, 2);
  const whole = branches * width + (branches - 1) * BOX.gap;
  const x = left + COLUMN.title + (COLUMN.boxes - whole) / 2 + index * (width + BOX.gap);
  return { x, width, height: BOX.height };
}

function rowOf(stage: Measured, left: number, y: number): { boxes: Box[]; words: Words[] } {
  const branches = branchesOf(stage);
  const boxes = branches.map((branch, i): Box => {
    const counts = `${shapeText(branch.output)} · ${count(branch.parameters)}`;
    return {
      ...placeIn(left, i, branches.length),
      y,
      fill: fillOf(branch.structure.op),
      words: [wordingOf(branch), ...(branches.length > 1 ? [counts] : [])],
    };
  });
  const middle = y + BOX.height / 2;
  const at = placesOf(left);
  const number = (x: number, text: string): Words => ({ x, y: middle, text, align: 'right', look: 'plain' });
  return {
    boxes,
    words: [
      ...titleOf(stage, left, middle),
      number(at.shape, shapeText(stage.output)),
      number(at.parameters, countOrNone(stage.parameters)),
      number(at.multiplyAdds, countOrNone(stage.multiplyAdds)),
    ],
  };
}

function titleOf(stage: Measured, x: number, y: number): Words[] {
  const name: Words = { x, y, text: nameOf(stage), align: 'left', look: 'small' };
  if (stage.structure.op !== 'module') return [name];
  return [
    { x, y: y - 7, text: stage.structure.kind, align: 'left', look: 'bold' },
    { ...name, y: y + 8 },
  ];
}

/** From a row of boxes to the next: the outputs join in one point, which the next boxes all take as their input. */
export function between(above: Box[], below: Box[]): Line[] {
  const bottom = above[0].y + above[0].height;
  const top = below[0].y;
  const centre = (boxes: Box[]) =>
    (boxes[0].x + boxes[boxes.length - 1].x + boxes[boxes.length - 1].width) / 2;
  const x = centre(above);
  const [join, split] = [bottom + (top - bottom) * 0.25, bottom + (top - bottom) * 0.55];
  return [
    ...above.map(
      (box): Line => ({
        points: [
          [box.x + box.width / 2, bottom],
          [box.x + box.width / 2, join],
          [x, join],
        ],
        arrow: false,
      }),
    ),
    {
      points: [
        [x, join],
        [x, split],
      ],
      arrow: false,
    },
    ...below.map(
      (box): Line => ({
        points: [
          [x, split],
          [box.x + box.width / 2, split],
          [box.x + box.width / 2, top],
        ],
        arrow: true,
      }),
    ),
  ];
}
