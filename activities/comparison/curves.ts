/** Where two training curves part. Both are what was written: the shortest decimals that read back as the same float32,
 *  so that equal text is equal bits. */

export interface CurveComparison {
  /** Steps of each. */
  steps: [number, number];
  /** The first step at which the losses differ, and both; null: equal as far as both go. */
  parts: { step: number; one: number; other: number } | null;
  /** Over the steps that both have. */
  largestDifference: number;
}

/** step,loss */
export function compareCurves(one: string, other: string): CurveComparison {
  const [mine, theirs] = [lossesOf(one), lossesOf(other)];
  const both = Math.min(mine.length, theirs.length);
  let parts: CurveComparison['parts'] = null;
  let largestDifference = 0;
  for (let i = 0; i < both; i++) {
    const [here, there] = [mine[i]!, theirs[i]!];
    if (here !== there) parts ??= { step: i + 1, one: here, other: there };
    largestDifference = Math.max(largestDifference, Math.abs(here - there));
  }
  return { steps: [mine.length, theirs.length], parts, largestDifference };
}

const lossesOf = (csv: string) =>
  csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.slice(line.indexOf(',') + 1)));
