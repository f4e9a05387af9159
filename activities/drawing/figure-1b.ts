/** Figure 1b: time to overfit, relative to true labels, against label corruption, one line a model. */
import type { ModelName } from '../contract.ts';
import { FITTED_PERCENT, type Time, timeToOverfit } from '../verdicts/time-to-overfit.ts';
import { fromTopToBottom, modelLines } from './corruption-lines.ts';
import { csv } from './csv.ts';
import { type Drawing, lineChart } from './line-chart.ts';
import { count, distinct, type PanelRequest, stamp, withoutOutcome } from './stamp.ts';
import { GREY, MODEL_STYLE } from './theme.ts';

interface Timed {
  model: ModelName;
  seed: number;
  level: number;
  time: Time;
  /** The time over that of true labels with the same seed; null where those never fitted or are missing. */
  relative: number | null;
}

// An arrow stands on its point and points upwards.
const HEADROOM = 1.12;

export function figure1b(request: PanelRequest): Drawing {
  const timed = timesOf(request);
  const known = timed.flatMap(({ relative, time, ...run }) =>
    relative === null ? [] : [{ ...run, value: relative, censored: time.censored }],
  );
  const unrelated = timed.filter(({ relative }) => relative === null);
  const spacing = distinct(
    request.runs.map(({ planned }) => planned.run.trajectory.evaluation.everySteps),
  ).sort((one, other) => one - other);

  const top = Math.ceil(HEADROOM * Math.max(1, ...known.map(({ value }) => value)));

  const spec = lineChart({
    title: 'Figure 1b: time to overfit',
    stamp: stamp(request),
    styles: fromTopToBottom(known).map((model) => MODEL_STYLE[model]),
    caption: [
      `Step at which training accuracy reaches ${FITTED_PERCENT} %, over that of true labels with the same seed;`,
      `evaluated every ${spacing.map(count).join(' or ')} steps.`,
      ...(known.some(({ censored }) => censored)
        ? ['Arrow: not fitted when its budget ended, where it is drawn; the true time is longer.']
        : []),
      ...(distinct(timed.map(({ seed }) => seed)).length > 1
        ? ['Mean over seeds; bars from least to most, none at an arrow.']
        : []),
      ...(unrelated.length > 0 ? [`Without a unit, as true labels did not fit: ${namesOf(unrelated)}.`] : []),
      ...withoutOutcome(request.runs),
    ],
    layers: [
      {
        data: { values: [{ unit: 1 }] },
        mark: { type: 'rule', color: GREY, strokeDash: [3, 3] },
        encoding: { y: { field: 'unit', type: 'quantitative' } },
      },
      ...modelLines(known, {
        title: 'Time to overfit (true labels = 1)',
        domain: [0, top],
      }),
    ],
  });
  const columns = ['model', 'corruption', 'seed', 'step', 'censored', 'relative'];
  const rows = timed.map(({ model, level, seed, time, relative }) => [
    model,
    level,
    seed,
    time.steps,
    time.censored,
    relative,
  ]);
  return { spec, csv: csv(columns, rows) };
}

function timesOf({ runs }: PanelRequest): Timed[] {
  const timed = runs.flatMap(({ planned, corruptionLevel, outcome }) => {
    if (!outcome || corruptionLevel === null) return [];
    const { model, seed } = planned.run.trajectory;
    return [{ model, seed, level: corruptionLevel, time: timeToOverfit(outcome) }];
  });
  return timed.map((run) => {
    const unit = timed.find(
      ({ model, seed, level }) => model === run.model && seed === run.seed && level === 0,
    );
    const relative = unit && !unit.time.censored ? run.time.steps / unit.time.steps : null;
    return { ...run, relative };
  });
}

const namesOf = (runs: Timed[]) =>
  distinct(runs.map(({ model, seed }) => `${MODEL_STYLE[model].label}, seed ${seed}`)).join('; ');
