/** What of a training's time is not spent in its steps, out of the times of its engine's calls. */
import { z } from 'zod';

/** A call of the engine, in seconds of one clock. steps: that it took, 0 for anything else; a checkpoint is the reading
 *  of the state. */
export const Call = z.strictObject({
  kind: z.enum(['steps', 'evaluation', 'checkpoint']),
  steps: z.int().nonnegative(),
  start: z.number(),
  end: z.number(),
});
export type Call = z.infer<typeof Call>;

/** outside: part of a training without its evaluations in which no step runs; checkpoints: what of that part follows the
 *  reading of a state, up to the next call. checkpointSeconds: of one; evaluationSeconds: of one look at both splits, or
 *  null where none fell into the time. */
export interface Shares {
  steps: number;
  stepSeconds: number;
  outside: number;
  checkpoints: number;
  checkpointSeconds: number;
  evaluationSeconds: number | null;
}

/** From the end of the first checkpoint, which traces, to that of the last but one: the last is that of the segment's
 *  end, whenever it comes. So there is a checkpoint for every period, and the periods are whole. */
export function sharesOf(calls: readonly Call[]): Shares {
  const reads = calls.flatMap(({ kind }, i) => (kind === 'checkpoint' ? [i] : []));
  const counted = reads.slice(1, -1);
  if (counted.length === 0) {
    throw new Error(`The segment has ${reads.length} checkpoints, expected at least 3: it was too short.`);
  }
  const [first, last] = [reads[0]! + 1, counted.at(-1)! + 1];
  const within = calls.slice(first, last);
  const spent = (kind: Call['kind']) =>
    sum(within.filter((call) => call.kind === kind).map(({ start, end }) => end - start));
  const steps = sum(within.map((call) => call.steps));
  const looks = within.filter(({ kind }, i) => kind === 'evaluation' && within[i - 1]?.kind !== kind);
  const pauses = sum(counted.map((i) => calls[i + 1]!.start - calls[i]!.start));
  const seconds = calls[last]!.start - calls[first]!.start - spent('evaluation');
  return {
    steps,
    stepSeconds: spent('steps') / steps,
    outside: (seconds - spent('steps')) / seconds,
    checkpoints: pauses / seconds,
    checkpointSeconds: pauses / counted.length,
    evaluationSeconds: looks.length > 0 ? spent('evaluation') / looks.length : null,
  };
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
