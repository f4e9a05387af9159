/** What a cluster sees of a worker without a port: a file that is fresh while the worker is alive and polls, and, where it
 *  is asked for, the worker's own end when there is nothing to do. A worker that only ends by itself is never taken away
 *  from a training by somebody who counts waiting tasks alone. */
import { rmSync, writeFileSync } from 'node:fs';
import type { Worker } from '@temporalio/worker';

/** A probe takes a file that is older than three of these for a dead worker's. */
export const BEAT_SECONDS = 5;

export interface Pulse {
  /** Where the file is; none without. */
  file: string | undefined;
  /** Ends after so long without a task; never without. */
  idleSeconds: number | undefined;
}

/** Beats until the workers end. */
export function startPulse(
  workers: Pick<Worker, 'getStatus'>[],
  { file, idleSeconds }: Pulse,
  onIdle: () => void,
): { stop(): void } {
  let busyAt = performance.now();
  const beat = () => {
    const all = workers.map((worker) => worker.getStatus());
    if (file && all.every(({ runState }) => runState === 'RUNNING' || runState === 'DRAINING')) {
      writeFileSync(file, '');
    }
    const isBusy = all.some(
      (status) => status.numInFlightActivities + status.numInFlightWorkflowActivations > 0,
    );
    if (isBusy) busyAt = performance.now();
    if (idleSeconds !== undefined && performance.now() - busyAt >= idleSeconds * 1000) onIdle();
  };
  const timer = setInterval(beat, Math.min(BEAT_SECONDS, idleSeconds ?? BEAT_SECONDS) * 1000);
  return {
    stop() {
      clearInterval(timer);
      if (file) rmSync(file, { force: true });
    },
  };
}
