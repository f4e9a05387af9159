/** Spans of what a training does between two of its events, told from the events alone: the compilation, which is the first
 *  call's; steps up to the next look or checkpoint; looks. */
import type { TrainingEvent } from '../activities/training/loop.ts';
import type { Tracing } from './tracing/tracing.ts';

export interface TrainingSpans {
  see(event: TrainingEvent): void;
  /** Ends the span of the steps so far. */
  cut(): void;
}

/** now: milliseconds since 1970. */
export function trainingSpans(
  tracing: Pick<Tracing, 'record'>,
  resumedAt: number,
  now: () => number = Date.now,
): TrainingSpans {
  let seenAt = now();
  let compiled = false;
  let stretch: { from: number; fromStep: number } | null = null;
  let step = resumedAt;

  const cut = () => {
    if (!stretch) return;
    const attributes = { 'rethinking.step': step, 'rethinking.steps': step - stretch.fromStep };
    tracing.record('train steps', attributes, stretch.from, seenAt);
    stretch = null;
  };
  return {
    cut,
    see(event) {
      const began = seenAt;
      if (event.kind === 'evaluation') {
        cut();
        seenAt = now();
        tracing.record('evaluate', { 'rethinking.step': event.evaluation.step }, began, seenAt);
        return;
      }
      const fromStep = step;
      step = event.step;
      seenAt = now();
      if (compiled) stretch ??= { from: began, fromStep };
      else tracing.record('compile and step', { 'rethinking.step': step }, began, seenAt);
      compiled = true;
    },
  };
}
