/** Spans of what a training does, told from its events alone: the compilation, which is the first call's; steps up to the
 *  next checkpoint, or look that takes its time; such looks. */
import type { TrainingEvent } from '../activities/training/loop.ts';
import type { Tracing } from './tracing/tracing.ts';

/** A look that is shorter, other than the first, which compiles, counts as part of the steps: a small network has hundreds
 *  a minute. */
const LONG_MS = 100;

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
  let looked = false;
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
      const ended = now();
      if (event.kind === 'evaluation') {
        if (!stretch || !looked || ended - began >= LONG_MS) {
          cut();
          tracing.record('evaluate', { 'rethinking.step': event.evaluation.step }, began, ended);
        }
        looked = true;
        seenAt = ended;
        return;
      }
      const fromStep = step;
      step = event.step;
      seenAt = ended;
      if (compiled) stretch ??= { from: began, fromStep };
      else tracing.record('compile and step', { 'rethinking.step': step }, began, ended);
      compiled = true;
    },
  };
}
