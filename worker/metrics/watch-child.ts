/** From what a trainer reports to what Prometheus reads. The worker hears of a step within half a second, and of the death
 *  of a trainer at once; its own death nobody counts, but the attempt that takes over knows what it cost. */
import type { EventEmitter } from 'node:events';
import type { ChildReport } from '../../activities/child/supervise.ts';
import { TrainingProgress } from '../../activities/contract.ts';
import type { TrainerReport, TrainerRequest } from '../../activities/train-segment.ts';
import { imagesAfter } from '../../activities/training/batch-order.ts';
import { countCall, type Meters } from './meters.ts';

/** Memory and calls of the store, of any child. `onGpu`: then the memory that matters is not the process's. */
export function watchChild(
  child: EventEmitter,
  { meters, device, onGpu }: { meters: Meters; device: string; onGpu: boolean },
): void {
  child.on('message', (report: ChildReport<unknown, unknown>) => {
    if (report.kind === 'memory' && !onGpu) meters.memoryUsed.set(report.bytes, { device });
    if (report.kind === 'store') countCall(meters, report.call);
  });
  child.once('close', () => !onGpu && meters.memoryUsed.set(Number.NaN, { device }));
}

/** before: the last heartbeat of the attempt before, if there was one. */
export function watchTrainer(
  trainer: EventEmitter,
  { planned, prepared }: Pick<TrainerRequest, 'planned' | 'prepared'>,
  before: unknown,
  { meters, device, now = Date.now }: { meters: Meters; device: string; now?: () => number },
): void {
  const { trajectory, stop } = planned.run;
  const tags = { model: trajectory.model, dataset: trajectory.dataset.name, device };
  const batches = {
    // All of ImageNet is not counted here: its smaller last batch is one of 40,000.
    images: prepared?.train.count ?? trajectory.trainImages ?? Number.MAX_SAFE_INTEGER,
    batchSize: trajectory.batchSize,
  };
  let step: number | null = null;
  let checkpoint: number | null = null;
  let isOver = false;

  meters.attempts.add(1, tags);
  meters.running.set(1, tags);
  meters.stepsWanted.set(stop.steps, tags);
  // A series has to be there before it moves, or Prometheus sees no increase.
  trainedTo(0, 0);
  meters.lost.add(0, tags);
  meters.resumed.add(0, tags);
  for (const end of ['finished', 'checkpointed', 'TrainerDied']) meters.ended.add(0, { ...tags, end });

  function trainedTo(after: number, since: number): void {
    meters.steps.add(Math.max(0, after - since), tags);
    meters.images.add(Math.max(0, imagesAfter(after, batches) - imagesAfter(since, batches)), tags);
  }

  function see(progress: TrainingProgress): void {
    if (step === null) {
      if (progress.resumedAt > 0) meters.resumed.add(1, tags);
      meters.lost.add(Math.ceil(secondsLost(before, progress)), tags); // Temporal's counters are whole
    }
    const acknowledged = progress.checkpoint?.step ?? 0;
    if (step === null || acknowledged !== checkpoint) meters.checkpointAt.set(now() / 1000, tags);
    checkpoint = acknowledged;
    trainedTo(progress.step, step ?? progress.resumedAt);
    step = progress.step;
    meters.step.set(step, tags);
    meters.loss.set(progress.loss ?? Number.NaN, tags);
    meters.accuracy.set((progress.trainAccuracyPercent ?? Number.NaN) / 100, tags);
  }

  /** At its last word and not when the process is gone: by then the next attempt may have begun. */
  function over(end: string): void {
    if (isOver) return;
    isOver = true;
    meters.ended.add(1, { ...tags, end });
    meters.running.set(0, tags);
    const gauges = [meters.step, meters.stepsWanted, meters.loss, meters.accuracy, meters.checkpointAt];
    for (const gauge of gauges) gauge.set(Number.NaN, tags);
  }

  trainer.on('message', (report: TrainerReport) => {
    if (report.kind === 'progress') see(report.progress);
    if (report.kind === 'failed') over(report.type);
    if (report.kind === 'ended') {
      if (step !== null) trainedTo(report.step, step);
      over(report.finished ? 'finished' : 'checkpointed');
    }
  });
  trainer.once('close', () => over('TrainerDied'));
}

/** What has to be trained again, at the speed of the attempt that had trained it. */
function secondsLost(before: unknown, { resumedAt }: TrainingProgress): number {
  const { data } = TrainingProgress.safeParse(before);
  return data?.stepsPerSecond ? Math.max(0, data.step - resumedAt) / data.stepsPerSecond : 0;
}
