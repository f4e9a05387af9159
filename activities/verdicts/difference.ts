/** A difference between two rows of the paper's tables, against ours over several seeds. */
import type { Verdict } from '../contract.ts';
import { WIDEST_INTERVAL } from './claims.ts';
import { meanAndDeviation, studentQuantile } from './statistics.ts';

/** differences: of two rows in points, seed by seed. The published difference, of two numbers with two decimals, is one
 *  more draw. */
export function compareDifferences(
  differences: number[],
  published: number,
): Pick<Verdict, 'kind' | 'reason' | 'agrees'> {
  const open = 'not judged at this scale';
  if (differences.length === 0)
    return { kind: 'not run', reason: 'No pair of trainings ended.', agrees: null };
  const { mean, deviation } = meanAndDeviation(differences);
  const off = `${signed(mean - published)} points from it`;
  if (differences.length === 1) {
    return { kind: open, reason: `${off}, spread unknown: one seed.`, agrees: mean > 0 };
  }
  const k = differences.length;
  const half = studentQuantile(0.975, k - 1) * deviation * Math.sqrt(1 + 1 / k) + 0.01; // two roundings of 0.005
  const interval = `${off}; the prediction interval of ${k} seeds is ±${half.toFixed(2)}`;
  if (Math.abs(mean - published) > half) return { kind: 'off', reason: `${interval}.`, agrees: false };
  if (half > WIDEST_INTERVAL)
    return { kind: open, reason: `${interval}: too wide, more seeds decide.`, agrees: true };
  return { kind: 'reproduced', reason: `${interval}.`, agrees: true };
}

/** `+3.75`, `−0.12` */
export const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
