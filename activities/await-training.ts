/** A training that several figures need is started once and awaited by all of them: a child workflow could not be
 *  joined by a second parent, so an activity starts it as a workflow of its own, with an id made from the run. */
import { Context } from '@temporalio/activity';
import {
  type Client,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { type Activities, Outcome } from './contract.ts';
import { Failure } from './failure/failure.ts';

export const trainingWorkflowId = (runId: string) => `train-${runId}`;

export function createAwaitTraining({ client }: { client: Client }): Activities['awaitTraining'] {
  return async ({ planned, by }) => {
    const context = Context.current();
    // The waiting workflow, not this attempt: a retry joins as the same one.
    const who = context.info.workflowExecution?.workflowId ?? context.info.activityId;
    // What a person started under another name ends when it is done or when a person says so, whoever waits for it.
    const own = by && by.workflowId !== trainingWorkflowId(planned.id) ? by : null;
    const handle = own ? client.workflow.getHandle(own.workflowId, own.runId) : await join();
    const beat = setInterval(() => context.heartbeat(), 1000);
    try {
      return Outcome.parse(await Promise.race([handle.result(), context.cancelled]));
    } catch (error) {
      if (context.cancellationDetails?.workerShutdown) {
        throw new Failure('WorkerStopping', 'The worker stops; another one waits on.');
      }
      if (context.cancellationSignal.aborted) {
        if (context.cancellationDetails?.cancelRequested && !own) await leave();
        throw new CancelledFailure('Nobody waits here any more');
      }
      throw error instanceof WorkflowFailedError ? reasonOf(error, own !== null) : error;
    } finally {
      clearInterval(beat);
    }

    function join(): Promise<WorkflowHandle> {
      return client.workflow.signalWithStart('trainNetwork', {
        workflowId: trainingWorkflowId(planned.id),
        taskQueue: 'rethinking',
        args: [{ planned }],
        signal: 'join',
        signalArgs: [who],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE', // an abandoned training may be wanted again
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
    }

    async function leave(): Promise<void> {
      try {
        await handle.signal('leave', who);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error; // finished in the meantime
      }
    }
  };
}

/** A training's own failure keeps its type and sentence through the workflows that wait for it. own: a person's, which
 *  nobody but a person can have abandoned, and which no later attempt starts again. */
function reasonOf(error: WorkflowFailedError, own: boolean): Error {
  const { cause } = error;
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
    return new Failure('TrainingCancelled', 'The training was cancelled by a person.', { cause });
  }
  const innermost = rootOf(cause);
  if (own && innermost instanceof ApplicationFailure && innermost.type === 'TrainingAbandoned') {
    return new Failure('TrainingCancelled', innermost.message, { cause });
  }
  return innermost instanceof ApplicationFailure
    ? ApplicationFailure.create({ type: innermost.type ?? undefined, message: innermost.message })
    : error;
}

function rootOf(error: Error | undefined): Error | undefined {
  return error?.cause instanceof Error ? rootOf(error.cause) : error;
}
