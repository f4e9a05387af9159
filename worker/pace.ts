/** How fast a training goes: what its parent is told of it, and how much work a call of the engine gets. */
import type { PlannedRun, TrainingProgress } from '../activities/contract.ts';
import type { Link } from '../activities/store/checkpoint-chain.ts';
import type { TrainerReport } from '../activities/train-segment.ts';
import type { TrainingEvent } from '../activities/training/loop.ts';

const REPORT_EVERY_MS = 500;
/** Steps of one call of the engine: long enough that the call costs nothing, short enough that an order to stop and a
 *  checkpoint that is due do not wait. */
const CALL_MS = 250;

/** Speed over this segment and the mean of the latest losses, sent now and then. */
export function progressMeter(
  planned: PlannedRun,
  device: string,
  resumedAt: number,
  report: (message: TrainerReport) => void,
) {
  const startedAt = performance.now();
  const latest: number[] = [];
  let step = resumedAt;
  let trainAccuracyPercent: number | null = null;
  let sentAt = 0;
  return {
    see(event: TrainingEvent) {
      if (event.kind === 'steps') {
        step = event.step;
        latest.push(...event.losses);
        latest.splice(0, latest.length - 20);
      } else {
        trainAccuracyPercent = (100 * event.evaluation.train.correct) / event.evaluation.train.images;
      }
    },
    send(checkpoint: Link | null) {
      const now = performance.now();
      if (now - sentAt < REPORT_EVERY_MS) return;
      sentAt = now;
      const progress: TrainingProgress = {
        runId: planned.id,
        resumedAt,
        step,
        steps: planned.run.stop.steps,
        loss: latest.length ? latest.reduce((sum, loss) => sum + loss, 0) / latest.length : null,
        stepsPerSecond: (step - resumedAt) / ((now - startedAt) / 1000),
        trainAccuracyPercent,
        checkpoint,
        device,
      };
      report({ kind: 'progress', progress });
    },
  };
}

/** How many steps a call shall take, from how long the latest took by itself: what is done between two calls says nothing
 *  of it. */
export function callPace() {
  let steps = 1;
  return {
    stepsACall: () => steps,
    see(event: TrainingEvent, tookMs: number) {
      if (event.kind !== 'steps') return;
      const fitting = Math.floor((CALL_MS * event.losses.length) / tookMs);
      steps = Math.max(1, Math.min(fitting, 2 * steps)); // the first call traces, and an estimate may be wrong
    },
  };
}
