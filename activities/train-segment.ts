/** One segment of a training, in a process of its own. This side beats, cancels and notices deaths; the trainer
 *  checkpoints. */
import type { ChildProcess } from 'node:child_process';
import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { type ChildReport, supervise } from './child/supervise.ts';
import type { Activities, Outcome, PlannedRun, PreparedDataset, TrainingProgress } from './contract.ts';
import { Failure } from './failure/failure.ts';

export interface TrainerRequest {
  planned: PlannedRun;
  prepared: PreparedDataset | null;
  segmentSeconds: number;
  /** Fencing token: this attempt and no other. */
  token: string;
}

/** What goes to the trainer process. */
export type TrainerOrder = { kind: 'train'; request: TrainerRequest } | { kind: 'stop' };

interface SegmentEnd {
  finished: Outcome | null;
  step: number;
}

/** What comes from it; the last message is one of the last two. */
export type TrainerReport = ChildReport<TrainingProgress, SegmentEnd>;

export function createTrainSegment({
  forkTrainer,
}: {
  /** Starts a trainer process with an IPC channel; it ends by itself when the channel closes.
   *  before: the last heartbeat of the attempt before. */
  forkTrainer: (request: TrainerRequest, before: unknown) => ChildProcess;
}): Activities['trainSegment'] {
  return async (request) => {
    const context = Context.current();
    const { info } = context;
    const token = `${info.workflowExecution?.runId}/${info.activityId}/${info.attempt}`;
    const order = { kind: 'train', request: { ...request, token } } satisfies TrainerOrder;
    const { finished, step } = await supervise<SegmentEnd>(
      forkTrainer(order.request, info.heartbeatDetails),
      {
        name: 'trainer',
        order,
        attempt: context,
        known: info.heartbeatDetails,
      },
    );
    const why = context.cancellationDetails;
    if (finished || !why || why.cancelRequested) return { finished, step };
    if (why.workerShutdown) {
      throw new Failure('WorkerStopping', `The worker stops; the checkpoint is at step ${step}.`);
    }
    throw new CancelledFailure('PAUSED'); // by `temporal activity pause`, or reset: the server knows which
  };
}
