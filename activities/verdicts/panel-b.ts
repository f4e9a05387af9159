/** Figure 1b: whether time to overfit grows with label corruption, by a small constant factor. */
import type { FigureRun, ModelName, Verdict } from '../contract.ts';
import { LARGEST_FACTOR, smallFactor } from './claims.ts';
import { decide, type Finding, type JudgedRequest } from './decide.ts';
import { gridRuns, isSeen, rangeText, seedOf, seedsOf, timeOf, whyUnseen } from './runs.ts';
import type { Time } from './time-to-overfit.ts';

export const judgePanelB = (request: JudgedRequest, models: ModelName[]): Verdict[] =>
  models.map((model) => decide(request, smallFactor(model), factorsOf(gridRuns(request.runs, model))));

/** Time over that of true labels; null: diverged. `atLeast`: not fitted within the budget. */
interface Factor {
  level: number;
  value: number | null;
  atLeast: boolean;
}

function factorsOf(runs: FigureRun[]): Finding {
  const seen = runs.filter(isSeen);
  const bySeed = seedsOf(seen).flatMap((seed) => {
    const own = seen.filter((run) => seedOf(run) === seed);
    const unit = own.find(({ corruptionLevel }) => corruptionLevel === 0);
    const corrupted = own.filter(({ corruptionLevel }) => corruptionLevel !== 0);
    return unit && corrupted.length > 0 ? [{ unit: timeOf(unit), corrupted }] : [];
  });
  const factors = bySeed.map(({ unit, corrupted }) =>
    unit === null || unit.censored ? null : corrupted.map((run) => factorOf(run, unit)),
  );
  return {
    measured: factorsText(factors.flatMap((factor) => factor ?? [])),
    seeds: factors.map((own) => (own === null ? null : isSmall(own))),
    missing: missingLevels(runs),
    undecided: 'True labels were not fitted, or a budget ended below the bound.',
    short: null,
  };
}

function factorOf(run: FigureRun, unit: Time): Factor {
  const time = timeOf(run);
  return {
    level: run.corruptionLevel ?? 0,
    value: time && time.steps / unit.steps,
    atLeast: time?.censored ?? false,
  };
}

/** A censored factor above the bound is above it; one below it decides nothing. */
function isSmall(factors: Factor[]): boolean | null {
  const large = ({ value }: Factor) => value === null || value > LARGEST_FACTOR;
  const last = factors.find(({ level }) => level === 1);
  if (factors.some(large)) return false;
  if (last && !last.atLeast && (last.value ?? 0) <= 1) return false;
  return !last || factors.some(({ atLeast }) => atLeast) ? null : true;
}

/** Level by level; of a fine grid the last and the largest. */
function factorsText(factors: Factor[]): string {
  const levels = [...new Set(factors.map(({ level }) => level))].sort((one, other) => one - other);
  const largest = factors.reduce(
    (most, { level, value }) => ((value ?? 0) > most.value ? { level, value: value ?? 0 } : most),
    { level: 1, value: 0 },
  );
  const shown =
    levels.length <= 3 ? levels : levels.filter((level) => level === largest.level || level === 1);
  const text = (level: number) => {
    const own = factors.filter((factor) => factor.level === level);
    const values = own.flatMap(({ value }) => (value === null ? [] : [value]));
    const range = values.length > 0 ? rangeText(values, (value) => value.toFixed(2)) : '';
    const bound = own.some(({ atLeast }) => atLeast) ? ' or more (budget spent)' : '';
    return `${range}${bound}${own.some(({ value }) => value === null) ? ' diverged' : ''} at corruption ${level}`;
  };
  return shown.length > 0 ? `${shown.map(text).join('; ')}.` : '';
}

function missingLevels(runs: FigureRun[]): string[] {
  const levels = runs.map(({ corruptionLevel }) => corruptionLevel);
  return [
    ...(levels.includes(0) ? [] : ['true labels (not asked for)']),
    ...(levels.includes(1) ? [] : ['random labels (not asked for)']),
    ...runs.filter((run) => !isSeen(run)).map((run) => whyUnseen(`corruption ${run.corruptionLevel}`, run)),
  ];
}
