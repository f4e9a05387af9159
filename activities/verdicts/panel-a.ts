/** Figure 1a: whether all conditions are fitted, and in which order. */
import type { Condition, FigureRun, Verdict } from '../contract.ts';
import {
  ALL_FITTED,
  CLOSE_RATIO,
  type Claim,
  NOISE_BEFORE_RANDOM_LABELS,
  SHUFFLED_PIXELS_CLOSE,
  TRUE_LABELS_FIRST,
} from './claims.ts';
import { decide, type Finding, type JudgedRequest } from './decide.ts';
import { isSeen, seedOf, seedsOf, stepsText, timeOf, whyUnseen } from './runs.ts';
import type { Time } from './time-to-overfit.ts';

const CONDITIONS: Condition[] = [
  'true-labels',
  'random-labels',
  'shuffled-pixels',
  'random-pixels',
  'gaussian',
];

/** The faster condition first. */
type Pair = readonly [Condition, Condition];

export function judgePanelA(request: JudgedRequest): Verdict[] {
  // The paper's Figure 1a is about Inception; another model's curves are drawn, not judged.
  const runs = request.runs.filter(
    ({ condition, planned }) => condition !== null && planned.run.trajectory.model === 'inception',
  );
  const others = CONDITIONS.slice(1).map((slower): Pair => ['true-labels', slower]);
  const noise: Pair[] = [
    ['random-pixels', 'random-labels'],
    ['gaussian', 'random-labels'],
  ];
  const judge = (claim: Claim, finding: Finding) => decide(request, claim, finding);
  return [
    judge(ALL_FITTED, allFitted(runs)),
    judge(TRUE_LABELS_FIRST, inOrder(runs, others)),
    judge(NOISE_BEFORE_RANDOM_LABELS, inOrder(runs, noise)),
    judge(SHUFFLED_PIXELS_CLOSE, shuffledClose(runs)),
  ];
}

function allFitted(runs: FigureRun[]): Finding {
  const seen = runs.filter(isSeen);
  const recipes = new Set(seen.map(recipeOf));
  const seeds = seedsOf(seen).map((seed) => {
    const reached = seen.filter((run) => seedOf(run) === seed).map(interpolates);
    if (recipes.size > 1 || reached.includes(false)) return false;
    return reached.includes(null) ? null : true;
  });
  const steps = conditionsOf(seen).map((condition) => {
    const times = seen.filter((run) => run.condition === condition).map(interpolationTime);
    return `${words(condition)} ${stepsText(times)}`;
  });
  return {
    measured: steps.length > 0 ? `No training error from step: ${steps.join('; ')}.` : '',
    seeds,
    missing: missingOf(runs, CONDITIONS),
    undecided: 'A run stopped at 99 %, before it could make no error.',
    short: null,
  };
}

/** null: stopped as soon as it was fitted, before it could show it. */
function interpolates({ outcome }: FigureRun): boolean | null {
  if (!outcome) return false;
  if (outcome.firstStepAt[100] !== null) return true;
  return outcome.stopped === 'fitted' ? null : false;
}

function interpolationTime({ outcome }: FigureRun): Time | null {
  if (!outcome) return null;
  const first = outcome.firstStepAt[100];
  return first === null ? { steps: outcome.steps, censored: true } : { steps: first, censored: false };
}

/** Everything that must be the same whatever the data: all but the corruption and the seed. */
function recipeOf({ planned }: FigureRun): string {
  const { corruption: _, seed: __, ...recipe } = planned.run.trajectory;
  return JSON.stringify(recipe);
}

function inOrder(runs: FigureRun[], pairs: Pair[]): Finding {
  const conditions = [...new Set(pairs.flat())];
  const about = runs.filter(({ condition }) => condition !== null && conditions.includes(condition));
  const seen = about.filter(isSeen);
  const times = (condition: Condition) => seen.filter((run) => run.condition === condition).map(timeOf);
  const seeds = seedsOf(seen).flatMap((seed) => {
    const own = seen.filter((run) => seedOf(run) === seed);
    const orders = pairs.flatMap(([fast, slow]) => {
      const [one, other] = [fast, slow].map((name) => own.find(({ condition }) => condition === name));
      return one && other ? [isBefore(timeOf(one), timeOf(other))] : [];
    });
    if (orders.length === 0) return [];
    if (orders.includes(false)) return [false];
    return [orders.includes(null) ? null : true];
  });
  const apart = pairs.every(([fast, slow]) =>
    times(fast).every((one) => times(slow).every((other) => isBefore(one, other) === true)),
  );
  const steps = conditionsOf(seen).map((condition) => `${words(condition)} ${stepsText(times(condition))}`);
  return {
    measured: steps.length > 0 ? `99 % at step: ${steps.join('; ')}.` : '',
    seeds,
    missing: missingOf(about, conditions),
    undecided:
      'Two conditions were fitted at the same evaluation, or one of them diverged, or neither was fitted.',
    short: apart ? null : 'It holds within each seed, but the seeds of two conditions overlap.',
  };
}

/** Both are looked at after the same steps, so an earlier evaluation is an earlier time; null: a tie, or neither was
 *  fitted. A diverged training (null) is never fitted, but says nothing about its speed. */
function isBefore(fast: Time | null, slow: Time | null): boolean | null {
  if (fast === null) return slow === null || slow.censored ? null : false;
  if (slow === null) return null;
  if (!fast.censored && (slow.censored ? fast.steps <= slow.steps : fast.steps < slow.steps)) return true;
  if (!slow.censored && (fast.censored ? slow.steps <= fast.steps : slow.steps < fast.steps)) return false;
  return null;
}

function shuffledClose(runs: FigureRun[]): Finding {
  const conditions: Condition[] = ['true-labels', 'shuffled-pixels'];
  const about = runs.filter(({ condition }) => condition !== null && conditions.includes(condition));
  const seen = about.filter(isSeen);
  const pairs = seedsOf(seen).flatMap((seed) => {
    const own = seen.filter((run) => seedOf(run) === seed);
    const [unit, shuffled] = conditions.map((name) => own.find(({ condition }) => condition === name));
    return unit && shuffled ? [{ unit: timeOf(unit), shuffled: timeOf(shuffled) }] : [];
  });
  const ratios = pairs.map(({ unit, shuffled }) => {
    if (!unit || unit.censored || !shuffled) return 'unknown';
    return `${shuffled.censored ? '> ' : ''}${(shuffled.steps / unit.steps).toFixed(2)}`;
  });
  return {
    measured: ratios.length > 0 ? `Ratio, seed by seed: ${ratios.join(', ')}.` : '',
    seeds: pairs.map(({ unit, shuffled }) => {
      if (!unit || unit.censored) return null;
      if (!shuffled) return false;
      if (shuffled.steps > CLOSE_RATIO * unit.steps) return false;
      return shuffled.censored ? null : true;
    }),
    missing: missingOf(about, conditions),
    undecided: 'True labels were not fitted, or the budget of shuffled pixels ended below the bound.',
    short: null,
  };
}

const words = (condition: Condition) => condition.replace('-', ' ');

const conditionsOf = (runs: FigureRun[]) =>
  CONDITIONS.filter((name) => runs.some(({ condition }) => condition === name));

function missingOf(runs: FigureRun[], conditions: Condition[]): string[] {
  return conditions.flatMap((name) => {
    const own = runs.filter(({ condition }) => condition === name);
    if (own.length === 0) return [`${words(name)} of Inception (not asked for)`];
    return own.filter((run) => !isSeen(run)).map((run) => whyUnseen(words(name), run));
  });
}
