/** Numbers of the paper's tables: ours beside the published one, which is one more draw. */
import type { Accuracy, Cifar10Model, DatasetSummary, Outcome, TrainedRun, Verdict } from '../contract.ts';
import { type Claim, tableCell, WIDEST_INTERVAL } from './claims.ts';
import { type JudgedRequest, withoutVerdict } from './decide.ts';
import { TABLE_1_ROWS } from './ledger/table-1.ts';
import { isDiverged, isSeen, percentText, runsOn, seedOf, whyUnseen } from './runs.ts';
import { meanAndDeviation, studentQuantile, wilsonPercent } from './statistics.ts';

/** Cells of Table 1 that Figure 1 passes through, of the models that were run; the table's other rows are no business
 *  of this figure. */
export function judgeCells(request: JudgedRequest, models: Cifar10Model[]): Verdict[] {
  const rows = TABLE_1_ROWS.filter((row) => models.includes(row.model) && !row.crop && !row.weightDecay);
  return rows.flatMap((row) => {
    const runs = runsOn(request.runs, row.model, row.labels === 'true' ? 0 : 1);
    if (runs.length === 0) return [];
    return (['train', 'test'] as const).map((split) =>
      judgeNumber(
        request,
        {
          claim: tableCell(row.model, row.labels === 'true' ? 'trueLabels' : 'randomLabels', split),
          published: row[split],
          of: (outcome) => outcome[split],
          words: `${row.labels} labels`,
        },
        runs,
      ),
    );
  });
}

/** published: in per cent, as printed. of: what it is held against; null: the outcome does not have it. words: the
 *  runs, for what is missing of them. */
export interface PublishedNumber {
  claim: Claim;
  published: string;
  of(outcome: Outcome): Accuracy | null;
  words: string;
}

export function judgeNumber(
  request: JudgedRequest<TrainedRun, DatasetSummary>,
  { claim, published, of, words }: PublishedNumber,
  runs: TrainedRun[],
): Verdict {
  const accuracies = runs.flatMap(({ outcome }) => (outcome && of(outcome)) ?? []);
  const diverged = runs.filter(isDiverged).length;
  const unseen = [
    ...runs.filter((run) => !isSeen(run)).map((run) => whyUnseen(words, run)),
    ...runs
      .filter(({ outcome }) => outcome && !of(outcome))
      .map((run) => `${words}, seed ${seedOf(run)} (it ended without this accuracy)`),
  ];
  const divergence = `${diverged} of ${runs.length} ${runs.length === 1 ? 'training' : 'trainings'} diverged`;
  const compared = accuracies.length > 0 ? compare(accuracies, published) : NOTHING;
  const { agrees, ...own } =
    diverged > 0
      ? { kind: 'off' as const, agrees: false, reason: `${divergence}; the paper's did not.` }
      : compared;
  // The number of a smaller training set says nothing about that of the paper's.
  const comparable = request.profile === 'paper' && request.dataset.id.name !== 'procedural';
  const texts = [
    ...(accuracies.length > 0 ? [measuredText(accuracies)] : []),
    ...(diverged > 0 ? [divergence] : []),
  ];
  return {
    claim: claim.id,
    published: `${published} %`,
    measured: texts.join('; '),
    ...(accuracies.length > 0 && { number: numberOf(accuracies) }),
    agrees: comparable ? agrees : null,
    ...(withoutVerdict(request, claim, accuracies.length + diverged, unseen) ?? own),
  };
}

type Compared = Pick<Verdict, 'kind' | 'reason' | 'agrees'>;

const NOTHING: Compared = { kind: 'not run', reason: 'No training ended.', agrees: null };

export const percents = (accuracies: Accuracy[]) =>
  accuracies.map(({ correct, images }) => (100 * correct) / images);

function measuredText(accuracies: Accuracy[]): string {
  const text = percentText(percents(accuracies));
  if (accuracies.length > 1) return text;
  const [{ correct, images }] = accuracies;
  const [low, high] = wilsonPercent(correct, images);
  return `${text} (95 % interval ${low.toFixed(2)}–${high.toFixed(2)}, one seed)`;
}

/** Test accuracies spread more over seeds than a finite test set says: sd 0.51 against 0.30 points, measured over ten
 *  small networks. */
const SEEDS_OVER_BINOMIAL = 0.51 / 0.3;

/** half: of several seeds the prediction interval of one more; of one, the Wilson interval, widened, for two draws. */
function numberOf(accuracies: Accuracy[]): Verdict['number'] {
  const { mean, deviation } = meanAndDeviation(percents(accuracies));
  const k = accuracies.length;
  if (k > 1) {
    return { value: mean, half: studentQuantile(0.975, k - 1) * deviation * Math.sqrt(1 + 1 / k) };
  }
  const [low, high] = wilsonPercent(accuracies[0].correct, accuracies[0].images);
  return { value: mean, half: ((high - low) / 2) * SEEDS_OVER_BINOMIAL * Math.SQRT2 };
}

/** Half a unit of the last digit that is printed. */
const roundingOf = (published: string) => 0.5 * 10 ** -(published.split('.')[1]?.length ?? 0);

function compare(accuracies: Accuracy[], printed: string): Compared {
  const [published, rounding] = [Number(printed), roundingOf(printed)];
  const { mean, deviation } = meanAndDeviation(percents(accuracies));
  const difference = mean - published;
  const points = `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)} points`;
  if (Math.abs(difference) <= rounding) {
    return { kind: 'reproduced', reason: 'Equal as printed.', agrees: true };
  }
  const count = accuracies.length;
  if (count === 1) {
    const [low, high] = wilsonPercent(accuracies[0].correct, accuracies[0].images);
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
