/** The training curve of every row of a table, side by side: a small picture a row, all to the same scale. */
import type { DatasetSummary, TableRun } from '../contract.ts';
import { csv } from './csv.ts';
import { wrap } from './font.ts';
import type { Drawing, Encoding, Layer } from './line-chart.ts';
import { rowName } from './row-names.ts';
import { runningMean, strideFor, windowFor } from './running-mean.ts';
import { count, distinct, type PanelRequest, stamp, withoutOutcome } from './stamp.ts';
import { CONFIG, GREY, INK, SMALL } from './theme.ts';

const COLUMNS = 4;
const PANEL = { width: 170, height: 92, gap: 22 };
const TOP = 3; // a little above ln 10, the loss of guessing
const GUESSING = Math.log(10);
const PRECISION = 10_000; // of the picture

interface Curve {
  row: string;
  run: string;
  points: { step: number; loss: number }[];
}

type Request = PanelRequest<TableRun, DatasetSummary> & { figure: 'table-1' | 'table-2' | 'table-4' };

/** losses: by run id, of every step. */
export function trainingCurves(request: Request, losses: ReadonlyMap<string, Float64Array>): Drawing {
  const longest = Math.max(1, ...[...losses.values()].map(({ length }) => length));
  const curves = request.runs.flatMap(({ planned, row }): Curve[] => {
    const found = losses.get(planned.id);
    if (!found) return [];
    // A panel is a third of a picture wide.
    const points = runningMean(found, windowFor(found.length), 3 * strideFor(found.length));
    return [{ row, run: planned.id, points }];
  });
  const rows = distinct(request.runs.map(({ row }) => row));
  const width = COLUMNS * (PANEL.width + PANEL.gap);
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: { ...CONFIG, concat: { spacing: PANEL.gap } },
    title: {
      text: `Table ${request.figure.slice('table-'.length)}: training loss of every row`,
      subtitle: wrap(captionOf(request, longest), width, SMALL),
    },
    columns: COLUMNS,
    concat: rows.map((row) =>
      panel(
        rowName(row),
        curves.filter((curve) => curve.row === row),
      ),
    ),
  } satisfies Drawing['spec'];
  return {
    spec,
    csv: csv(
      ['row', 'run', 'step', 'loss'],
      curves.flatMap(({ row, run, points }) => points.map(({ step, loss }) => [row, run, step, loss])),
    ),
  };
}

const captionOf = (request: Request, longest: number) =>
  [
    `${stamp(request)}.`,
    `Loss (cross-entropy and penalty, nats; cut off at ${TOP}) against steps, up to ${count(longest)}; each panel to its own end, a running mean over a hundredth of it.`,
    ...(request.dataset.id.name === 'imagenet' ? [] : ['Dashed: the loss of guessing among ten classes.']),
    ...withoutOutcome(request.runs.map((run) => ({ ...run, condition: null, corruptionLevel: null }))),
  ].join(' ');

function panel(name: string, curves: Curve[]) {
  const last = Math.max(1, ...curves.flatMap(({ points }) => points.map(({ step }) => step)));
  const values = curves.flatMap(({ run, points }) =>
    points.map(({ step, loss }) => ({
      run,
      step,
      loss: Math.round(PRECISION * Math.min(loss, TOP)) / PRECISION,
    })),
  );
  const y = {
    field: 'loss',
    type: 'quantitative',
    title: null,
    scale: { domain: [0, TOP], nice: false },
    axis: { values: [0, 1, 2, 3], labelFontSize: 10 },
  } satisfies Encoding['y'];
  const layer: Layer[] = [
    {
      data: { values: [{ loss: GUESSING }] },
      mark: { type: 'rule', color: GREY, strokeDash: [3, 3] },
      encoding: { y },
    },
    curves.length > 0 ? lines(values, last, y) : NO_CURVE,
  ];
  return {
    title: {
      text: wrap(name, PANEL.width, SMALL),
      fontSize: SMALL,
      fontWeight: 600 as const,
      offset: 6,
      color: INK,
    },
    width: PANEL.width,
    height: PANEL.height,
    layer,
  };
}

const lines = (values: object[], last: number, y: Encoding['y']): Layer => ({
  data: { values },
  mark: { type: 'line', color: '#0072b2', strokeWidth: 1.5, clip: true },
  encoding: {
    x: {
      field: 'step',
      type: 'quantitative',
      title: null,
      scale: { domain: [0, last], nice: false },
      axis: { tickCount: 3, labelFontSize: 10 },
    },
    y,
    detail: { field: 'run' },
  },
});

const NO_CURVE: Layer = {
  data: { values: [{}] },
  mark: { type: 'text', text: 'no curve', color: GREY, fontSize: SMALL },
  encoding: {},
};
