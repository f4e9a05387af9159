/** What Table 2 and Figure 2a claim: cell by cell, the best test accuracy along the training included, and what Section 3
 *  reads off them. */
import type { DatasetSummary, Outcome, TableRun, Verdict } from '../contract.ts';
import { judgeNumber, type PublishedNumber } from './cells.ts';
import { decide, type Finding, type JudgedRequest, withoutVerdict } from './decide.ts';
import { compareDifferences, signed } from './difference.ts';
import { bestOf, gainOf, type Look, percentOf } from './early-stopping.ts';
import { recordIn } from './ledger/record.ts';
import { type PublishedRow, TABLE_2, TABLE_2_RECORDS, table2RowName } from './ledger/table-2.ts';
import { isSeen, ofRow, seedOf, seedsOf, whyUnseen } from './runs.ts';

type Judged = JudgedRequest<TableRun, DatasetSummary>;
type Looks = ReadonlyMap<string, Look[]>;

const ALL = 'true-labels.augmentation.dropout.weight-decay';
const AUGMENTED = 'true-labels.augmentation';
const DECAYED = 'true-labels.weight-decay';
const NONE = 'true-labels';
const RANDOM_REGULARIZED = 'random-labels.dropout.weight-decay';

/** Rows that were asked for; looks: by run id. */
export function judgeTable2(request: Judged, looks: Looks): Verdict[] {
  const cells = TABLE_2.flatMap((row) => {
    const runs = ofRow(request.runs, table2RowName(row));
    return runs.length === 0 ? [] : numbersOf(row, looks).map((number) => judgeNumber(request, number, runs));
  });
  return [
    ...cells,
    ...drop(request),
    ...beats(request),
    ...fittedAnyway(request),
    ...stoppedEarly(request, looks),
  ];
}

function numbersOf(row: PublishedRow, looks: Looks): PublishedNumber[] {
  const words = table2RowName(row);
  return (['train', 'test', 'best'] as const).flatMap((split) =>
    (['top1', 'top5'] as const).flatMap((top): PublishedNumber[] => {
      const published = row[split]?.[top];
      if (published === undefined) return [];
      const claim = recordIn(TABLE_2_RECORDS, `table-2.${words}.${split}.${top.replace('top', 'top-')}`);
      return [{ claim, published, words, of: (outcome) => accuracyOf(outcome, split, top, looks) }];
    }),
  );
}

/** Null where the run does not tell. */
export function accuracyOf(
  outcome: Outcome,
  split: 'train' | 'test' | 'best',
  top: 'top1' | 'top5',
  looks: Looks,
) {
  if (split === 'best') return bestOf(looks.get(outcome.id) ?? [], top);
  const { correct, top5, images } = outcome[split];
  if (top === 'top1') return { correct, images };
  return top5 === undefined ? null : { correct: top5, images };
}

const testOf = (run: TableRun | undefined) => (run?.outcome ? percentOf(run.outcome.test) : null);

const missingOf = (runs: TableRun[]) =>
  runs.filter((run) => !isSeen(run)).map((run) => whyUnseen(run.row, run));

/** Test accuracies of two rows in per cent, seed by seed; null: diverged, or not run. None where a row was not asked
 *  for. */
function pairsOf({ runs }: Judged, rows: [string, string]) {
  const [one, other] = rows.map((row) => ofRow(runs, row)) as [TableRun[], TableRun[]];
  if (one.length === 0 || other.length === 0) return null;
  const about = [...one, ...other];
  const pairs = seedsOf(about.filter(isSeen)).map((seed) => ({
    one: testOf(one.find((run) => seedOf(run) === seed)),
    other: testOf(other.find((run) => seedOf(run) === seed)),
  }));
  return { pairs, missing: missingOf(about) };
}

/** Table 2: 77.84 − 59.80. */
const PUBLISHED_DROP = 18.04;

function drop(request: Judged): Verdict[] {
  const found = pairsOf(request, [ALL, NONE]);
  if (!found) return [];
  const claim = recordIn(TABLE_2_RECORDS, 'table-2.drop-without-regularizers');
  const drops = found.pairs.flatMap(({ one, other }) =>
    one === null || other === null ? [] : [one - other],
  );
  const { agrees, ...own } = compareDifferences(drops, PUBLISHED_DROP);
  return [
    {
      claim: claim.id,
      published: claim.says,
      measured: drops.length > 0 ? `${drops.map(signed).join(', ')} points, seed by seed.` : '',
      agrees,
      ...(withoutVerdict(request, claim, drops.length, found.missing) ?? own),
    },
  ];
}

function beats(request: Judged): Verdict[] {
  const found = pairsOf(request, [AUGMENTED, DECAYED]);
  if (!found) return [];
  const { pairs, missing } = found;
  const gains = pairs.map(({ one, other }) => (one === null || other === null ? null : one - other));
  const known = gains.flatMap((gain) => gain ?? []);
  const apart = pairs.every(({ one }) => pairs.every(({ other }) => (one ?? 0) > (other ?? 0)));
  const finding: Finding = {
    measured: known.length > 0 ? `${known.map(signed).join(', ')} points, seed by seed.` : '',
    seeds: gains.map((gain) => (gain === null ? null : gain > 0)),
    missing,
    undecided: 'A training diverged.',
    short: apart ? null : 'It holds within each seed, but seeds of the two rows overlap.',
  };
  return [decide(request, recordIn(TABLE_2_RECORDS, 'table-2.augmentation-beats-weight-decay'), finding)];
}

/** In per cent: nearer to the published 90 than to chance by any measure. */
const FITTED_ANYWAY = 85;

function fittedAnyway(request: Judged): Verdict[] {
  const runs = ofRow(request.runs, RANDOM_REGULARIZED);
  if (runs.length === 0) return [];
  const shares = runs.filter(isSeen).map(({ outcome }) => outcome && percentOf(outcome.train));
  const known = shares.flatMap((share) => share ?? []);
  const finding: Finding = {
    measured: known.length > 0 ? `${known.map((share) => share.toFixed(2)).join(', ')} %.` : '',
    seeds: shares.map((share) => (share === null ? null : share >= FITTED_ANYWAY)),
    missing: missingOf(runs),
    undecided: 'A training diverged.',
    short: null,
  };
  return [decide(request, recordIn(TABLE_2_RECORDS, 'table-2.random-labels-with-regularizers'), finding)];
}

/** A gain counts when it is above two standard errors of a difference of two looks. */
function stoppedEarly(request: Judged, looks: Looks): Verdict[] {
  const runs = ofRow(request.runs, NONE);
  if (runs.length === 0) return [];
  const gains = runs.filter(isSeen).map(({ planned }) => {
    const own = looks.get(planned.id);
    return own ? gainOf(own) : null;
  });
  const texts = gains.flatMap((gain) =>
    gain ? [`${gain.points.toFixed(2)} points (standard error of a look ${gain.error.toFixed(2)})`] : [],
  );
  const finding: Finding = {
    measured: texts.length > 0 ? `${texts.join('; ')}.` : '',
    seeds: gains.map((gain) => gain && gain.points > 2 * Math.SQRT2 * gain.error),
    missing: missingOf(runs),
    undecided: 'A training diverged.',
    short: null,
  };
  return [decide(request, recordIn(TABLE_2_RECORDS, 'figure-2a.early-stopping-gains'), finding)];
}
