/** Theorem 1 beside reading its data once: what sorting, weights and the check cost on top of the projection. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { plain } from './numbers.ts';
import { median, pairedRatio } from './statistics.ts';

/** held: in memory, as images are; else generated anew at every reading. */
export const TheoremTask = z.strictObject({
  points: z.int().positive(),
  held: z.boolean(),
  rounds: z.int().positive(),
});
export type TheoremTask = z.infer<typeof TheoremTask>;

/** reading, construction: seconds of each round. largestError: in float64. */
export const TheoremTimes = z.strictObject({
  points: z.int(),
  dimensions: z.int(),
  held: z.boolean(),
  reading: z.array(z.number()),
  construction: z.array(z.number()),
  largestError: z.number(),
  peakBytes: z.number().nullable(),
});
export type TheoremTimes = z.infer<typeof TheoremTimes>;

/** All of CIFAR-10, and what takes seconds to stream. */
export const THEOREM_SIZES = [
  { points: 50_000, held: true },
  { points: 250_000, held: false },
];

export async function measureTheorem(task: TheoremTask): Promise<TheoremTimes> {
  const script = join(import.meta.dirname, 'theorem-process.js');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(task)]);
  return TheoremTimes.parse(JSON.parse(stdout));
}

const WANTED = 2;

export function besideReading(theorems: readonly TheoremTimes[]): string[] {
  if (theorems.length === 0) return [];
  return [
    '## Theorem 1 beside reading its data',
    '',
    'Reading: the projection of every point, without which no construction is. Construction: with it, the sort, biases, ' +
      'weights in double-double sums, and the check of every label in float64 and double-double. In turns, one thread; ' +
      `medians, ratio with its spread; wanted: at most ${WANTED}.`,
    '',
    '| points | of dimensions | sample | reading, s | construction and check, s | ratio | largest error | peak memory |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...theorems.map(({ points, dimensions, held, reading, construction, largestError, peakBytes }) => {
      const each = (seconds: number[]) => seconds.map((value) => [value]);
      const ratio = pairedRatio(each(construction), each(reading));
      const cells = [
        points.toLocaleString('en'),
        dimensions.toLocaleString('en'),
        held ? 'held' : 'streamed',
        plain(median(reading)),
        plain(median(construction)),
        `${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})`,
        largestError.toExponential(0),
        peakBytes === null ? '–' : `${Math.round(peakBytes / 2 ** 20)} MiB`,
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
  ];
}
