/** Order statistics: a busy machine makes outliers, which means would follow. */

export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** The value below which a part of the values lies, linear between neighbours (NumPy's default). */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new Error('A quantile of no values was asked for.');
  const sorted = [...values].sort((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.ceil(place)]!];
  return low + (place - below) * (high - low);
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/** Median, and the quarters to either side of it. */
export const quartiles = (values: readonly number[]): Spread => ({
  median: median(values),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
});

/** How many times as long the one takes as the other, round by round, since both met the same machine in a round:
 *  the median over the rounds, the least and the most. */
export function pairedRatio(long: readonly number[][], short: readonly number[][]): Spread {
  if (long.length !== short.length) {
    throw new Error(`${long.length} rounds cannot be paired with ${short.length}.`);
  }
  const ratios = long.map((round, i) => median(round) / median(short[i]!));
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}
