/** The cells of Table 1 that Figure 1 passes through: our number beside the published one. */
import type { FigureRun, ModelName, Outcome, Verdict } from '../contract.ts';
import { type CellClaim, tableCell, WIDEST_INTERVAL } from './claims.ts';
import { type JudgedRequest, withoutVerdict } from './decide.ts';
import { isDiverged, percentText, runsOn, whyUnseen } from './runs.ts';
import { meanAndDeviation, studentQuantile, wilsonPercent } from './statistics.ts';
import { TABLE_1 } from './table-1.ts';

/** Cells of the models that were run; a table's other rows are no business of this figure. */
export function judgeCells(request: JudgedRequest, models: ModelName[]): Verdict[] {
  const cells = (['trueLabels', 'randomLabels'] as const).flatMap((labels) =>
    (['train', 'test'] as const).map((split) => ({ labels, split })),
  );
  return models.flatMap((model) =>
    cells.flatMap(({ labels, split }) => {
      const runs = runsOn(request.runs, model, labels === 'trueLabels' ? 0 : 1);
      return runs.length > 0 ? [judgeCell(request, tableCell(model, labels, split), runs)] : [];
    }),
  );
}

function judgeCell(request: JudgedRequest, claim: CellClaim, runs: FigureRun[]): Verdict {
  const published = TABLE_1[claim.model][claim.labels][claim.split];
  const outcomes = runs.flatMap(({ outcome }) => outcome ?? []);
  const accuracies = outcomes.map((outcome) => accuracyPercent(outcome, claim.split));
  const diverged = runs.filter(isDiverged).length;
  const unseen = runs.filter((run) => !run.outcome && !isDiverged(run));
  const { agrees, ...verdict } = compare(outcomes, accuracies, claim, published);
  const comparable = request.profile === 'paper' && request.dataset.id.name === 'cifar10';
  const shared = withoutVerdict(
    request,
    claim,
    outcomes.length + diverged,
    unseen.map((run) => whyUnseen(claim.labels === 'trueLabels' ? 'true labels' : 'random labels', run)),
  );
  const count = `${diverged} of ${runs.length} ${runs.length === 1 ? 'training' : 'trainings'} diverged`;
  return {
    claim: claim.id,
    published: `${published === 100 ? '100.0' : published.toFixed(2)} %`,
    measured: [
      ...(accuracies.length > 0 ? [measuredText(outcomes, accuracies, claim)] : []),
      ...(diverged > 0 ? [count] : []),
    ].join('; '),
    // The number of a smaller training set says nothing about that of 50,000 images.
    agrees: comparable ? agrees && diverged === 0 : null,
    ...(shared ?? (diverged > 0 ? { kind: 'off', reason: `${count}; the paper's did not.` } : verdict)),
  };
}

const accuracyPercent = (outcome: Outcome, split: 'train' | 'test') =>
  (100 * outcome[split].correct) / outcome[split].images;

function measuredText(outcomes: Outcome[], accuracies: number[], { split }: CellClaim): string {
  if (outcomes.length > 1) return percentText(accuracies);
  const { correct, images } = outcomes[0][split];
  const [low, high] = wilsonPercent(correct, images);
  return `${percentText(accuracies)} (95 % interval ${low.toFixed(2)}–${high.toFixed(2)}, one seed)`;
}

function compare(
  outcomes: Outcome[],
  accuracies: number[],
  { split, seeds }: CellClaim,
  published: number,
): Pick<Verdict, 'kind' | 'reason' | 'agrees'> {
  const rounding = published === 100 ? 0.05 : 0.005; // Table 1 prints 100.0 and two decimals otherwise
  const { mean, deviation } = meanAndDeviation(accuracies);
  const difference = mean - published;
  const points = `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)} points`;
  if (Math.abs(difference) <= rounding) {
    return { kind: 'reproduced', reason: 'Equal as printed.', agrees: true };
  }
  const count = accuracies.length;
  if (count < seeds) {
    const [low, high] =
      count === 1 ? wilsonPercent(outcomes[0][split].correct, outcomes[0][split].images) : [0, 0];
    return {
      kind: 'not judged at this scale',
      reason: `Difference ${points}, spread unknown: one seed.`,
      agrees: count === 1 ? low - rounding <= published && published <= high + rounding : null,
    };
  }
  const half = studentQuantile(0.975, count - 1) * deviation * Math.sqrt(1 + 1 / count) + rounding;
  const interval = `${points}; the prediction interval of ${count} seeds is ±${half.toFixed(2)}`;
  if (Math.abs(difference) > half) return { kind: 'off', reason: `Off by ${interval}.`, agrees: false };
  if (half > WIDEST_INTERVAL) {
    return {
      kind: 'not judged at this scale',
      reason: `Difference ${interval}: too wide, more seeds.`,
      agrees: true,
    };
  }
  return { kind: 'reproduced', reason: `Difference ${interval}.`, agrees: true };
}
