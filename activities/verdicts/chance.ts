/** Figure 1c at corruption 1: whether the test error on random labels is that of guessing. */
import type { FigureRun, ModelName, Outcome, Verdict } from '../contract.ts';
import { CHANCE_MARGIN, chanceOnRandomLabels, SEEDS } from './claims.ts';
import { type JudgedRequest, withoutVerdict } from './decide.ts';
import { isDiverged, isSeen, percentText, whyUnseen } from './runs.ts';
import { meanAndDeviation, studentQuantile } from './statistics.ts';

export const DIVERGED = 'A training diverged and has no test error.';

export const errorPercent = ({ test: { correct, images } }: Outcome) => (100 * (images - correct)) / images;

/** In points, of a test error measured on a finite test set. */
export function standardError(outcome: Outcome): number {
  const share = errorPercent(outcome) / 100;
  return 100 * Math.sqrt((share * (1 - share)) / outcome.test.images);
}

/** runs: of one model on random labels. models: how many share the 5 %. */
export function judgeChance(
  request: JudgedRequest,
  model: ModelName,
  runs: FigureRun[],
  models: number,
): Verdict {
  const claim = chanceOnRandomLabels(model);
  const chance = 100 * (1 - 1 / request.dataset.classes.length);
  const outcomes = runs.flatMap(({ outcome }) => outcome ?? []);
  const errors = outcomes.map(errorPercent);
  const shared = withoutVerdict(request, claim, runs.filter(isSeen).length, unseenRandom(runs));
  return {
    claim: claim.id,
    published: `${chance} % (chance)`,
    measured: errors.length > 0 ? percentText(errors) : '',
    agrees: errors.length > 0 ? isNear(chance, outcomes) : null,
    ...(shared ?? (runs.some(isDiverged) ? open(DIVERGED) : equivalence(errors, chance, models))),
  };
}

/** At any scale: within the margin, give or take two standard errors of the mean. */
function isNear(chance: number, outcomes: Outcome[]): boolean {
  const { mean } = meanAndDeviation(outcomes.map(errorPercent));
  const noise = Math.hypot(...outcomes.map(standardError)) / outcomes.length;
  return Math.abs(mean - chance) <= CHANCE_MARGIN + 2 * noise;
}

/** Two one-sided tests: at 5 % in all, the 1 − 2 · 5 %/models interval of the mean lies within the margin. */
function equivalence(errors: number[], chance: number, models: number): Pick<Verdict, 'kind' | 'reason'> {
  const { mean, deviation } = meanAndDeviation(errors);
  const difference = mean - chance;
  const points = `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)}`;
  if (errors.length < SEEDS) {
    const spread = errors.length === 1 ? ', spread unknown' : '';
    return open(`Difference ${points} points${spread}; ${SEEDS} label seeds are needed.`);
  }
  const t = studentQuantile(1 - 0.05 / models, errors.length - 1);
  const half = (t * deviation) / Math.sqrt(errors.length);
  const interval = `${points} ± ${half.toFixed(2)} points from chance`;
  if (Math.abs(difference) + half <= CHANCE_MARGIN) {
    return { kind: 'reproduced', reason: `${interval}: within ±${CHANCE_MARGIN}.` };
  }
  const outside = errors.every((error) => Math.abs(error - chance) > CHANCE_MARGIN);
  if (outside && Math.abs(difference) - half > CHANCE_MARGIN) {
    return { kind: 'contradicted', reason: `${interval}: outside ±${CHANCE_MARGIN}.` };
  }
  return open(`${interval}: reaches beyond ±${CHANCE_MARGIN}; more seeds decide.`);
}

export function unseenRandom(runs: FigureRun[]): string[] {
  if (runs.length === 0) return ['random labels (not asked for)'];
  return runs.filter((run) => !isSeen(run)).map((run) => whyUnseen('random labels', run));
}

const open = (reason: string): Pick<Verdict, 'kind' | 'reason'> => ({
  kind: 'not judged at this scale',
  reason,
});
