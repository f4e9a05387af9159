/** Two sets of verdicts on the same artifact: only what differs. */
import type { Verdict } from '../contract.ts';

export interface VerdictDifference {
  claim: string;
  /** Null where a side does not judge it. */
  one: Verdict | null;
  other: Verdict | null;
  /** Whether the verdict itself differs, or only what was measured or said. */
  flipped: boolean;
}

export function compareVerdicts(one: readonly Verdict[], other: readonly Verdict[]): VerdictDifference[] {
  const byClaim = (verdicts: readonly Verdict[]) =>
    new Map(verdicts.map((verdict) => [verdict.claim, verdict]));
  const [mine, theirs] = [byClaim(one), byClaim(other)];
  return [...new Set([...mine.keys(), ...theirs.keys()])].flatMap((claim) => {
    const [here, there] = [mine.get(claim) ?? null, theirs.get(claim) ?? null];
    if (here && there && FIELDS.every((field) => here[field] === there[field])) return [];
    return [{ claim, one: here, other: there, flipped: here?.kind !== there?.kind }];
  });
}

const FIELDS = ['kind', 'agrees', 'measured', 'published', 'reason'] as const;
