/** What early stopping would have gained, written beside the plot, under the legend. */
import type { ModelName } from '../contract.ts';
import type { Layer } from './line-chart.ts';
import { GREY, INK, MODEL_STYLE, SMALL, WIDTH } from './theme.ts';

const LEFT = WIDTH + 18; // where the legend begins
const TOP = 74; // below its two rows
const LINE = 16;

/** noise: of one look. */
export function gainNotes(gains: { model: ModelName; text: string }[], noise: string): Layer[] {
  return [
    note(0, 'Gain of early stopping', GREY),
    ...gains.flatMap(({ model, text }, i) => [
      note(2 * i + 1, `${MODEL_STYLE[model].label}:`, INK),
      note(2 * i + 2, text, INK),
    ]),
    note(2 * gains.length + 1, `Noise of one look: ${noise}`, GREY),
  ];
}

function note(line: number, text: string, color: string): Layer {
  return {
    data: { values: [{}] },
    encoding: {},
    mark: {
      type: 'text',
      x: LEFT,
      y: TOP + LINE * line,
      align: 'left',
      baseline: 'middle',
      fontSize: SMALL,
      color,
      text,
    },
  };
}
