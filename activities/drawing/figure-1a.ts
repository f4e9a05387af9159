/** Figure 1a: training loss against steps, one curve a condition (and a seed). */
import type { Condition } from '../contract.ts';
import { csv } from './csv.ts';
import { type Drawing, type Encoding, type Layer, lineChart, strokeOf, symbolOf } from './line-chart.ts';
import { runningMean, strideFor, windowFor } from './running-mean.ts';
import { count, distinct, type PanelRequest, stamp, withoutOutcome } from './stamp.ts';
import { CONDITION_STYLE, MODEL_STYLE } from './theme.ts';

interface Curve {
  condition: Condition;
  seed: number;
  points: { step: number; loss: number }[];
  /** Stopped before its budget of steps was spent. */
  early: boolean;
}

const PAPER_TOP = 2.5; // the paper's axis ends here, a little above ln 10, the loss of guessing
const PRECISION = 10_000; // of the picture; a pixel is a hundredth
const TOP = 4; // the first steps of momentum 0.9 can overshoot by a multiple of what follows

/** losses: by run id, losses[i] of step i + 1, as far as the run came. */
export function figure1a(request: PanelRequest, losses: ReadonlyMap<string, Float64Array>): Drawing {
  const longest = Math.max(1, ...[...losses.values()].map(({ length }) => length));
  const window = windowFor(longest);
  const stride = strideFor(longest);
  const curves = request.runs.flatMap(({ planned, condition }): Curve[] => {
    const found = losses.get(planned.id);
    if (!found || condition === null) return [];
    const { trajectory, stop } = planned.run;
    const points = runningMean(found, window, stride);
    return [{ condition, seed: trajectory.seed, points, early: found.length < stop.steps }];
  });
  const conditions = fromTopToBottom(curves);
  const thousands = longest >= 5_000;
  const highest = Math.max(0, ...curves.flatMap(({ points }) => points.map(({ loss }) => loss)));
  const models = distinct(request.runs.map(({ planned }) => planned.run.trajectory.model));

  const spec = lineChart({
    title: `Figure 1a: training loss of ${models.map((model) => MODEL_STYLE[model].label).join(', ')}`,
    stamp: stamp(request),
    styles: conditions.map((condition) => CONDITION_STYLE[condition]),
    caption: [
      `Mean over the last ${count(window)} steps.`,
      ...(curves.some(({ early }) => early) ? ['A symbol: the run stopped here, before its budget.'] : []),
      ...(highest > TOP ? [`Losses above ${TOP} are cut off.`] : []),
      ...(distinct(curves.map(({ seed }) => seed)).length > 1 ? ['One curve a seed.'] : []),
      ...withoutOutcome(request.runs),
    ],
    layers: layersOf(curves, conditions, {
      thousands,
      longest,
      top: Math.min(TOP, Math.max(PAPER_TOP, Math.ceil(2 * highest) / 2)),
    }),
  });
  const rows = curves.flatMap(({ condition, seed, points }) =>
    points.map(({ step, loss }) => [condition, seed, step, loss, window]),
  );
  return { spec, csv: csv(['condition', 'seed', 'step', 'loss', 'window'], rows) };
}

/** Conditions as their curves lie: the one that stays up longest comes first. */
function fromTopToBottom(curves: Curve[]): Condition[] {
  const area = (condition: Condition) => {
    const own = curves.filter((curve) => curve.condition === condition);
    const areas = own.map(({ points }) => points.reduce((sum, { loss }) => sum + loss, 0));
    return areas.reduce((sum, value) => sum + value, 0) / own.length;
  };
  return distinct(curves.map(({ condition }) => condition)).sort((one, other) => area(other) - area(one));
}

function layersOf(
  curves: Curve[],
  conditions: Condition[],
  axes: { thousands: boolean; longest: number; top: number },
): Layer[] {
  const unit = axes.thousands ? 1_000 : 1;
  const encoding: Encoding = {
    x: {
      field: 'step',
      type: 'quantitative',
      title: axes.thousands ? 'Thousand steps' : 'Steps',
      scale: { domain: [0, axes.longest / unit], nice: false },
      axis: { tickCount: 6 },
    },
    y: {
      field: 'loss',
      type: 'quantitative',
      title: 'Training loss (cross-entropy, nats)',
      scale: { domain: [0, axes.top], nice: false },
      axis: { tickCount: 6 },
    },
  };
  const rowsOf = ({ seed, points }: Curve) =>
    points.map(({ step, loss }) => ({
      seed,
      step: step / unit,
      loss: Math.round(loss * PRECISION) / PRECISION,
    }));
  return conditions.flatMap((condition): Layer[] => {
    const own = curves.filter((curve) => curve.condition === condition);
    const last = own.filter(({ early }) => early).flatMap((curve) => rowsOf(curve).slice(-1));
    const ends = last.filter(({ loss }) => loss <= axes.top);
    const style = CONDITION_STYLE[condition];
    return [
      {
        data: { values: own.flatMap(rowsOf) },
        mark: {
          type: 'line',
          clip: true,
          strokeJoin: 'round',
          ...strokeOf(style),
          strokeWidth: own.length > 1 ? 1.1 : 1.8,
        },
        encoding: { ...encoding, detail: { field: 'seed' } },
      },
      { data: { values: ends }, mark: { type: 'point', ...symbolOf(style) }, encoding },
    ];
  });
}
