/** A cell of a table: our accuracy over seeds, the published one, and what lies between. */
import type { Accuracy, Outcome, TableRun } from '../contract.ts';
import { percents } from '../verdicts/cells.ts';
import { isDiverged } from '../verdicts/runs.ts';
import { meanAndDeviation } from '../verdicts/statistics.ts';

/** In per cent; deviation: over seeds, null for one of them. `ended` says what happened where there is no number. */
export interface Cell {
  mean: number | null;
  deviation: number | null;
  seeds: number;
  ended: string;
  /** As the paper prints it; null where it has none. */
  published: string | null;
}

export function cellOf(
  runs: TableRun[],
  of: (outcome: Outcome) => Accuracy | null,
  published: string | null,
): Cell {
  const values = percents(runs.flatMap(({ outcome }) => (outcome && of(outcome)) ?? []));
  const diverged = runs.filter(isDiverged).length;
  const ended = diverged > 0 ? 'diverged' : (runs[0]?.failure?.type ?? 'not run');
  if (values.length === 0) return { mean: null, deviation: null, seeds: 0, ended, published };
  const { mean, deviation } = meanAndDeviation(values);
  return { mean, deviation: values.length > 1 ? deviation : null, seeds: values.length, ended, published };
}

/** Ours, the paper's, the difference: `97.30 ± 0.21`, `100.0`, `−2.70`. */
export function texts({ mean, deviation, ended, published }: Cell): [string, string, string] {
  const ours =
    mean === null ? ended : `${mean.toFixed(2)}${deviation === null ? '' : ` ± ${deviation.toFixed(2)}`}`;
  const difference = mean === null || published === null ? '–' : signed(mean - Number(published));
  return [ours, published ?? '–', difference];
}

/** For programs. */
export const values = ({ mean, deviation, seeds, published }: Cell) => [
  round(mean),
  round(deviation),
  seeds,
  published === null ? null : Number(published),
  mean === null || published === null ? null : round(mean - Number(published)),
];

export const VALUE_COLUMNS = (name: string) =>
  ['', '_deviation', '_seeds', '_published', '_difference'].map((suffix) => `${name}${suffix}`);

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

/** Differences of doubles have more digits than there is to know. */
const round = (value: number | null) => (value === null ? null : Math.round(1e4 * value) / 1e4);
