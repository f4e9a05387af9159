/** Boxes, arrows and words at given places, in pixels from the top left, as a Vega-Lite specification. */
import type { TopLevelSpec } from 'vega-lite';
import { wrap } from './font.ts';
import { caption, type Layer } from './line-chart.ts';
import { CONFIG, GREY, INK, SMALL } from './theme.ts';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
  /** One below the other in the middle of the box; the first in ink, the others small and grey. */
  words: string[];
}

export interface Words {
  x: number;
  y: number;
  text: string;
  align: 'left' | 'center' | 'right';
  look: 'plain' | 'bold' | 'small';
}

/** From point to point; an arrow ends in a head that points down. */
export interface Line {
  points: [x: number, y: number][];
  arrow: boolean;
}

export interface Diagram {
  boxes: Box[];
  lines: Line[];
  words: Words[];
}

const LINE_HEIGHT = 14;
const LOOKS = {
  plain: { fontSize: 12, color: INK },
  bold: { fontSize: 12, color: INK, fontWeight: 600 },
  small: { fontSize: SMALL, color: GREY },
} as const;
const HEAD = { width: 6, height: 6 };
const CORNER = 3;

export function diagram(
  frame: { title: string; stamp: string; caption: string[]; width: number; height: number },
  drawn: Diagram,
): TopLevelSpec {
  const { title, stamp, width, height } = frame;
  const words = [...drawn.words, ...drawn.boxes.flatMap(wordsIn)];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: CONFIG,
    title: { text: title, subtitle: wrap(stamp, width, SMALL) },
    width,
    height,
    layer: [
      lines(drawn.lines),
      heads(drawn.lines),
      boxes(drawn.boxes),
      ...(['plain', 'bold', 'small'] as const).map((look) => texts(words, look)),
      caption(frame.caption, width, height + 12),
    ],
  };
}

const at = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null }) as const;

function boxes(drawn: Box[]): Layer {
  const values = drawn.map(({ x, y, width, height, fill }) => ({
    x,
    y,
    right: x + width,
    bottom: y + height,
    fill,
  }));
  return {
    data: { values },
    mark: { type: 'rect', cornerRadius: CORNER, stroke: INK, strokeWidth: 0.8 },
    encoding: {
      x: at('x'),
      y: at('y'),
      x2: { field: 'right' },
      y2: { field: 'bottom' },
      fill: { field: 'fill', type: 'nominal', scale: null },
    },
  };
}

function wordsIn({ x, y, width, height, words }: Box): Words[] {
  return words.map((text, line) => ({
    x: x + width / 2,
    y: y + height / 2 + LINE_HEIGHT * (line - (words.length - 1) / 2),
    text,
    align: 'center',
    look: line === 0 ? 'plain' : 'small',
  }));
}

function lines(drawn: Line[]): Layer {
  const values = drawn.flatMap(({ points }) =>
    points.slice(1).map(([right, bottom], i) => ({ x: points[i][0], y: points[i][1], right, bottom })),
  );
  return {
    data: { values },
    mark: { type: 'rule', color: INK, strokeWidth: 1, strokeCap: 'square' },
    encoding: { x: at('x'), y: at('y'), x2: { field: 'right' }, y2: { field: 'bottom' } },
  };
}

function heads(drawn: Line[]): Layer {
  const values = drawn.flatMap(({ points, arrow }) => {
    const [x, y] = points[points.length - 1];
    return arrow ? [{ x, y }] : [];
  });
  const half = HEAD.width / 2;
  return {
    data: { values },
    // A path is drawn √size times as large as it is written.
    mark: {
      type: 'point',
      shape: `M0,0L${-half},${-HEAD.height}L${half},${-HEAD.height}Z`,
      size: 4,
      filled: true,
      opacity: 1,
      color: INK,
    },
    encoding: { x: at('x'), y: at('y') },
  };
}

function texts(words: Words[], look: Words['look']): Layer {
  return {
    data: { values: words.filter((one) => one.look === look).map(({ look: _, ...value }) => value) },
    mark: { type: 'text', baseline: 'middle', align: { expr: 'datum.align' }, ...LOOKS[look] },
    encoding: { x: at('x'), y: at('y'), text: { field: 'text', type: 'nominal' } },
  };
}
