import { setImmediate } from 'node:timers/promises';

/** Runs a long computation that yields now and then, and lets heartbeats and other work through at every yield.
 *  Ends with the signal's reason when it is aborted. */
export async function inSteps<T>(steps: Iterator<unknown, T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await setImmediate();
    signal.throwIfAborted();
  }
}
