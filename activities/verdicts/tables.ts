/** What Tables 1 and 4 claim, cell by cell. */
import type { DatasetSummary, Outcome, TableRun, TrainedRun, Verdict } from '../contract.ts';
import { judgeNumber } from './cells.ts';
import type { Claim } from './claims.ts';
import { type JudgedRequest, withoutVerdict } from './decide.ts';
import { recordIn } from './ledger/record.ts';
import { TABLE_1_CELLS, TABLE_1_ROWS } from './ledger/table-1.ts';
import { TABLE_4_RECORDS, TABLE_4_ROWS, type Table4Row } from './ledger/table-4.ts';
import { isSeen, ofRow, seedOf, seedsOf, whyUnseen } from './runs.ts';
import { judgeSection3 } from './section-3.ts';

type Judged = JudgedRequest<TableRun, DatasetSummary>;

/** Rows that were asked for, and what Section 3 reads off them. */
export function judgeTable1(request: Judged): Verdict[] {
  const cells = TABLE_1_ROWS.flatMap((row) => {
    const runs = ofRow(request.runs, row.id);
    if (runs.length === 0) return [];
    return (['train', 'test'] as const).map((split) =>
      judgeNumber(
        request,
        {
          claim: recordIn(TABLE_1_CELLS, `table-1.${row.id}.${split}`),
          published: row[split],
          of: (outcome) => outcome[split],
          words: row.id,
        },
        runs,
      ),
    );
  });
  return [...cells, ...judgeSection3(request)];
}

export function judgeTable4(request: Judged): Verdict[] {
  return TABLE_4_ROWS.flatMap((row) => {
    const runs = ofRow(request.runs, row.id);
    if (runs.length === 0) return [];
    const claim = recordIn(TABLE_4_RECORDS, `table-4.${row.id}`);
    if (row.published === 'failed to converge') return [judgeConvergence(request, claim, runs)];
    const published = row.published.replace(' %', '');
    return [judgeNumber(request, { claim, published, of: accuracyOf(row), words: row.id }, runs)];
  });
}

/** Of rows that augment, on augmented images. */
export const accuracyOf =
  ({ regularizer }: Table4Row) =>
  (outcome: Outcome) =>
    regularizer === 'weight-decay' ? outcome.train : (outcome.augmented ?? null);

/** An accuracy below 20 % when the budget is spent; the loss has the penalty in it, and can pass ln 10 at any accuracy.
 *  Divergence is told apart. */
export const convergenceOf = ({ outcome, failure }: TrainedRun): string => {
  if (!outcome) return failure?.type === 'LossNotFinite' ? 'diverged' : (failure?.type ?? 'not run');
  const { correct, images } = outcome.train;
  return correct / images < 0.2 ? 'failed to converge' : 'converged';
};

/** The coefficient is open in the paper, so each has its answer; where they differ, it decides. */
function judgeConvergence(request: Judged, claim: Claim, runs: TableRun[]): Verdict {
  const ends = runs.map((run) => ({ run, end: convergenceOf(run), coefficient: coefficientOf(run) }));
  const measured = ends.map(({ run, end, coefficient }) => `${coefficient}, seed ${seedOf(run)}: ${end}`);
  const seen = ends.filter(({ run }) => isSeen(run));
  const unseen = runs.filter((run) => !isSeen(run)).map((run) => whyUnseen(coefficientOf(run), run));
  const failed = seen.filter(({ end }) => end === 'failed to converge');
  const coefficients = new Set(failed.map(({ coefficient }) => coefficient));
  const agrees = seen.length === 0 ? null : failed.length > 0;
  const own = (): Pick<Verdict, 'kind' | 'reason'> => {
    const seeds = seedsOf(seen.map(({ run }) => run)).length;
    if (failed.length < seen.length) {
      const reason =
        failed.length === 0
          ? 'With none of these coefficients it fails to converge.'
          : `It fails to converge with ${[...coefficients].join(' and ')}, and not with the others.`;
      return { kind: 'depends on an open choice', reason };
    }
    if (seeds < claim.seeds) {
      return {
        kind: 'not judged at this scale',
        reason: `It fails with every coefficient; ${seeds} of the ${claim.seeds} seeds that are needed.`,
      };
    }
    return { kind: 'reproduced', reason: 'It fails to converge with every coefficient.' };
  };
  return {
    claim: claim.id,
    published: 'failed to converge',
    measured: measured.join('; '),
    agrees,
    ...(withoutVerdict(request, claim, seen.length, unseen) ?? own()),
  };
}

export function coefficientOf({ planned }: TrainedRun): string {
  const { weightDecay, decayed } = planned.run.trajectory.optimizer;
  return `λ = ${weightDecay}${decayed === 'dense-kernels' ? ' on dense layers' : ''}`;
}
