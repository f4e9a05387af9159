/** One segment of a training, in a process of its own: native steps would starve this process of heartbeats, and
 *  memory comes back when it ends. This side beats, cancels and notices deaths; the trainer checkpoints. */
import type { ChildProcess } from 'node:child_process';
import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { Activities, Outcome, PlannedRun, PreparedDataset, TrainingProgress } from './contract.ts';
import { Failure, type FailureType } from './failure/failure.ts';

export interface TrainerRequest {
  planned: PlannedRun;
  prepared: PreparedDataset | null;
  segmentSeconds: number;
  /** Fencing token: this attempt and no other. */
  token: string;
}

/** What goes to the trainer process. */
export type TrainerOrder = { kind: 'train'; request: TrainerRequest } | { kind: 'stop' };

/** What comes from it; the last message is one of the last two. */
export type TrainerReport =
  | { kind: 'progress'; progress: TrainingProgress }
  | { kind: 'ended'; finished: Outcome | null; step: number }
  | { kind: 'failed'; type: FailureType | 'TrainerError'; message: string };

export function createTrainSegment({
  forkTrainer,
}: {
  /** Starts a trainer process with an IPC channel; it ends by itself when the channel closes. */
  forkTrainer: () => ChildProcess;
}): Activities['trainSegment'] {
  return async (request) => {
    const context = Context.current();
    const { info } = context;
    const token = `${info.workflowExecution?.runId}/${info.activityId}/${info.attempt}`;
    const trainer = forkTrainer();
    const order = (message: TrainerOrder) => trainer.connected && trainer.send(message);

    let latest: unknown = info.heartbeatDetails;
    const beat = setInterval(() => context.heartbeat(latest), 1000);
    const stop = () => order({ kind: 'stop' });
    context.cancellationSignal.addEventListener('abort', stop);
    try {
      order({ kind: 'train', request: { ...request, token } });
      const end = await lastReport(trainer, (progress) => {
        latest = progress;
        context.heartbeat(progress);
      });
      if (end.kind === 'failed') throw failureOf(end);
      const why = context.cancellationDetails;
      if (end.finished || !why || why.cancelRequested) return { finished: end.finished, step: end.step };
      if (why.workerShutdown) {
        throw new Failure('WorkerStopping', `The worker stops; the checkpoint is at step ${end.step}.`);
      }
      throw new CancelledFailure('PAUSED'); // by `temporal activity pause`, or reset: the server knows which
    } finally {
      clearInterval(beat);
      context.cancellationSignal.removeEventListener('abort', stop);
      trainer.kill('SIGKILL'); // it has said its last word, or this attempt has no say any more
    }
  };
}

function lastReport(
  trainer: ChildProcess,
  onProgress: (progress: TrainingProgress) => void,
): Promise<Exclude<TrainerReport, { kind: 'progress' }>> {
  return new Promise((resolve, reject) => {
    trainer.on('message', (report: TrainerReport) =>
      report.kind === 'progress' ? onProgress(report.progress) : resolve(report),
    );
    trainer.once('error', reject);
    trainer.once('exit', (code, signal) =>
      reject(
        new Failure(
          'TrainerDied',
          `The trainer process ended with ${signal ?? `code ${code}`} before it had finished; ` +
            'the next attempt goes on from the newest checkpoint.',
        ),
      ),
    );
  });
}

function failureOf({ type, message }: Extract<TrainerReport, { kind: 'failed' }>): Error {
  return type === 'TrainerError' ? new Error(message) : new Failure(type, message);
}
