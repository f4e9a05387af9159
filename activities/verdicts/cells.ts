/** The cells of Table 1 that Figure 1 passes through: our number beside the published one. */
import type { FigureRun, ModelName, Outcome, Verdict } from '../contract.ts';
import { type CellClaim, tableCell, WIDEST_INTERVAL } from './claims.ts';
import { type JudgedRequest, withoutVerdict } from './decide.ts';
import { isDiverged, isSeen, percentText, runsOn, whyUnseen } from './runs.ts';
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
  const diverged = runs.filter(isDiverged).length;
  const words = claim.labels === 'trueLabels' ? 'true labels' : 'random labels';
  const unseen = runs.filter((run) => !isSeen(run)).map((run) => whyUnseen(words, run));
  const divergence = `${diverged} of ${runs.length} ${runs.length === 1 ? 'training' : 'trainings'} diverged`;
  const compared = outcomes.length > 0 ? compare(outcomes, claim, published) : NOTHING;
  const { agrees, ...own } =
    diverged > 0
      ? { kind: 'off' as const, agrees: false, reason: `${divergence}; the paper's did not.` }
      : compared;
  // The number of a smaller training set says nothing about that of 50,000 images.
  const comparable = request.profile === 'paper' && request.dataset.id.name === 'cifar10';
  const texts = [
    ...(outcomes.length > 0 ? [measuredText(outcomes, claim)] : []),
    ...(diverged > 0 ? [divergence] : []),
  ];
  return {
    claim: claim.id,
    published: `${published === 100 ? '100.0' : published.toFixed(2)} %`,
    measured: texts.join('; '),
    agrees: comparable ? agrees : null,
    ...(withoutVerdict(request, claim, outcomes.length + diverged, unseen) ?? own),
  };
}

type Compared = Pick<Verdict, 'kind' | 'reason' | 'agrees'>;

const NOTHING: Compared = { kind: 'not run', reason: 'No training ended.', agrees: null };

const accuraciesOf = (outcomes: Outcome[], split: 'train' | 'test') =>
  outcomes.map((outcome) => (100 * outcome[split].correct) / outcome[split].images);

function measuredText(outcomes: Outcome[], { split }: CellClaim): string {
  const text = percentText(accuraciesOf(outcomes, split));
  if (outcomes.length > 1) return text;
  const { correct, images } = outcomes[0][split];
  const [low, high] = wilsonPercent(correct, images);
  return `${text} (95 % interval ${low.toFixed(2)}–${high.toFixed(2)}, one seed)`;
}

function compare(outcomes: Outcome[], { split }: CellClaim, published: number): Compared {
  const rounding = published === 100 ? 0.05 : 0.005; // Table 1 prints 100.0 and two decimals otherwise
  const { mean, deviation } = meanAndDeviation(accuraciesOf(outcomes, split));
  const difference = mean - published;
  const points = `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)} points`;
  if (Math.abs(difference) <= rounding) {
    return { kind: 'reproduced', reason: 'Equal as printed.', agrees: true };
  }
  const count = outcomes.length;
  if (count === 1) {
    const [low, high] = wilsonPercent(outcomes[0][split].correct, outcomes[0][split].images);
    return {
      kind: 'not judged at this scale',
      reason: `Difference ${points}, spread unknown: one seed.`,
      agrees: low - rounding <= published && published <= high + rounding,
    };
  }
  const half = studentQuantile(0.975, count - 1) * deviation * Math.sqrt(1 + 1 / count) + rounding;
  const interval = `${points}; the prediction interval of ${count} seeds is ±${half.toFixed(2)}`;
  if (Math.abs(difference) > half) return { kind: 'off', reason: `Off by ${interval}.`, agrees: false };
  if (half > WIDEST_INTERVAL) {
    return {
      kind: 'not judged at this scale',
      reason: `Difference ${interval}: too wide, more seeds decide.`,
      agrees: true,
    };
  }
  return { kind: 'reproduced', reason: `Difference ${interval}.`, agrees: true };
}
