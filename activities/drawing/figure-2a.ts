/** Figure 2a: accuracy of Inception V3 on ImageNet along its trainings, with and without regularisers; what lies between
 *  a test curve and the best so far is what stopping at the best would have gained. */
import type { ImageNetRef, TableRun } from '../contract.ts';
import { bestSoFar, gainOf, type Look, percentOf } from '../verdicts/early-stopping.ts';
import { csv } from './csv.ts';
import { type Drawing, type Encoding, type Layer, lineChart, strokeOf } from './line-chart.ts';
import { rowName } from './row-names.ts';
import { type PanelRequest, stamp, withoutOutcome } from './stamp.ts';
import { CONDITION_STYLE, type Style } from './theme.ts';

/** Of the figure: true labels alone. */
const ROWS = [
  'true-labels.augmentation.dropout.weight-decay',
  'true-labels.augmentation',
  'true-labels.weight-decay',
  'true-labels',
];

interface Row {
  row: string;
  seed: number;
  step: number;
  train: number;
  test: number;
  best: number;
}

/** looks: by run id. */
export function figure2a(
  request: PanelRequest<TableRun, ImageNetRef>,
  looks: ReadonlyMap<string, Look[]>,
): Drawing {
  const rows = request.runs.flatMap(({ planned, row }): Row[] => {
    const own = looks.get(planned.id);
    if (!own || !ROWS.includes(row)) return [];
    const best = bestSoFar(own);
    const { seed } = planned.run.trajectory;
    return own.map(({ step, train, test }, i) => ({
      ...{ row, seed, step, best: best[i]! },
      ...{ train: percentOf(train), test: percentOf(test) },
    }));
  });
  const shown = ROWS.filter((row) => rows.some((one) => one.row === row));
  const spec = lineChart({
    title: 'Figure 2a: Inception V3 along its training',
    stamp: stamp(request),
    styles: shown.map(styleOf),
    caption: [
      'Thick: top-1 accuracy on test images; thin: on training images, as evaluated; shaded: up to the best so far.',
      `Stopping at the best would have gained, in points: ${shown
        .map((row) => `${labelOf(row)} ${gainText(request.runs, looks, row)}`)
        .join('; ')}.`,
      ...withoutOutcome(request.runs.map((run) => ({ ...run, condition: null, corruptionLevel: null }))),
    ],
    layers: layersOf(rows, shown),
  });
  const columns = ['row', 'seed', 'step', 'train_percent', 'test_percent', 'best_test_percent'];
  return {
    spec,
    csv: csv(
      columns,
      rows.map(({ row, seed, step, train, test, best }) => [row, seed, step, train, test, best]),
    ),
  };
}

/** All of them are on true labels. */
const labelOf = (row: string) => rowName(row).replace(/^true labels(, )?/, '') || 'no regulariser';

function styleOf(row: string): Style {
  const styles = Object.values(CONDITION_STYLE);
  return { ...styles[ROWS.indexOf(row)]!, label: labelOf(row) };
}

/** Of each seed. */
function gainText(runs: TableRun[], looks: ReadonlyMap<string, Look[]>, row: string): string {
  const points = runs.flatMap(({ planned, row: own }) => {
    const found = looks.get(planned.id);
    return own === row && found ? [gainOf(found).points] : [];
  });
  return points.map((gain) => gain.toFixed(2)).join(', ');
}

function layersOf(rows: Row[], shown: string[]): Layer[] {
  const longest = Math.max(1, ...rows.map(({ step }) => step));
  const thousands = longest >= 5_000;
  const unit = thousands ? 1_000 : 1;
  const x: Encoding['x'] = {
    field: 'step',
    type: 'quantitative',
    title: thousands ? 'Thousand steps' : 'Steps',
    scale: { domain: [0, longest / unit], nice: false },
    axis: { tickCount: 6 },
  };
  const y = (field: keyof Row): Encoding['y'] => ({
    field,
    type: 'quantitative',
    title: 'Top-1 accuracy (%)',
    scale: { domain: [0, 100], nice: false },
    axis: { tickCount: 6 },
  });
  return shown.flatMap((row): Layer[] => {
    const values = rows.filter((one) => one.row === row).map((one) => ({ ...one, step: one.step / unit }));
    const style = styleOf(row);
    const detail = { detail: { field: 'seed' } } as const;
    return [
      {
        data: { values },
        mark: { type: 'area', color: style.color, opacity: 0.15 },
        encoding: { x, y: y('test'), y2: { field: 'best' }, ...detail },
      },
      {
        data: { values },
        mark: { type: 'line', ...strokeOf(style), strokeWidth: 0.9 },
        encoding: { x, y: y('train'), ...detail },
      },
      {
        data: { values },
        mark: { type: 'line', ...strokeOf(style) },
        encoding: { x, y: y('test'), ...detail },
      },
    ];
  });
}
