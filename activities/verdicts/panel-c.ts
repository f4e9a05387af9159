/** Figure 1c: whether test error rises with label corruption, up to chance, while training error goes to zero. */
import type { FigureRun, ModelName, Outcome, Verdict } from '../contract.ts';
import { DIVERGED, errorPercent, judgeChance, standardError, unseenRandom } from './chance.ts';
import { errorRises, noTrainingError } from './claims.ts';
import { decide, type Finding, type JudgedRequest } from './decide.ts';
import {
  gridRuns,
  isDiverged,
  isSeen,
  rangeText,
  runsOn,
  seedOf,
  seedsOf,
  whole,
  whyUnseen,
} from './runs.ts';
import { meanAndDeviation } from './statistics.ts';

export function judgePanelC(request: JudgedRequest, models: ModelName[]): Verdict[] {
  const random = (model: ModelName) => runsOn(request.runs, model, 1);
  return [
    ...models.map((model) => decide(request, errorRises(model), rising(gridRuns(request.runs, model)))),
    ...models.map((model) => judgeChance(request, model, random(model), models.length)),
    ...models.map((model) => decide(request, noTrainingError(model), withoutError(random(model)))),
  ];
}

const FEWEST_LEVELS = 3; // two points lie on a line whatever happens between them

function rising(runs: FigureRun[]): Finding {
  const seen = runs.filter(isSeen);
  const ended = seen.filter(({ outcome }) => outcome !== null);
  const levels = [...new Set(ended.map(({ corruptionLevel }) => corruptionLevel ?? 0))].sort(
    (one, other) => one - other,
  );
  const means = levels.map((level) => {
    const errors = seen.flatMap(({ corruptionLevel, outcome }) =>
      outcome && corruptionLevel === level ? [errorPercent(outcome)] : [],
    );
    return meanAndDeviation(errors).mean.toFixed(1);
  });
  const seeds = seedsOf(seen).flatMap((seed) => {
    const own = seen.filter((run) => seedOf(run) === seed);
    if (own.some(isDiverged)) return [null];
    const outcomes = levels.flatMap(
      (level) => own.find((run) => run.corruptionLevel === level)?.outcome ?? [],
    );
    return outcomes.length > 1 ? [isRising(outcomes)] : [];
  });
  const asked = new Set(runs.map(({ corruptionLevel }) => corruptionLevel)).size;
  return {
    measured: means.length > 0 ? `${means.join(' → ')} % at corruption ${levels.join(', ')}.` : '',
    seeds,
    missing: [
      ...(asked < FEWEST_LEVELS ? [`levels of corruption (${asked} of at least ${FEWEST_LEVELS})`] : []),
      ...runs.filter((run) => !isSeen(run)).map((run) => whyUnseen(`corruption ${run.corruptionLevel}`, run)),
    ],
    undecided: DIVERGED,
    short: null,
  };
}

/** More at the last level than at the first, and no step down, by two standard errors of a difference. */
function isRising(outcomes: Outcome[]): boolean {
  const change = (from: Outcome, to: Outcome) =>
    (errorPercent(to) - errorPercent(from)) / Math.hypot(standardError(from), standardError(to));
  const steps = outcomes.slice(1).map((outcome, index) => change(outcomes[index], outcome));
  return change(outcomes[0], outcomes[outcomes.length - 1]) > 2 && steps.every((step) => step >= -2);
}

function withoutError(runs: FigureRun[]): Finding {
  const seen = runs.filter(isSeen);
  const outcomes = seen.flatMap(({ outcome }) => outcome ?? []);
  const errors = outcomes.map(({ train }) => train.images - train.correct);
  const diverged = seen.length - outcomes.length;
  const images = outcomes.map(({ train }) => train.images);
  const texts = [
    ...(errors.length > 0
      ? [`${rangeText(errors, whole)} errors on ${rangeText(images, whole)} images`]
      : []),
    ...(diverged > 0 ? [`${diverged} diverged`] : []),
  ];
  return {
    measured: texts.length > 0 ? `${texts.join(', ')}.` : '',
    seeds: seen.map(({ outcome }) => outcome !== null && outcome.train.correct === outcome.train.images),
    missing: unseenRandom(runs),
    undecided: '',
    short: null,
  };
}
