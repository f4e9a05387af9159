/** Whom a line or a span of an activity is about, besides what Temporal's SDK says by itself. */
import type { Context, Info } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { z } from 'zod';
import type { Tracing } from './tracing/tracing.ts';

const Input = z.object({
  planned: z.object({ id: z.string(), run: z.object({ trajectory: z.object({ model: z.string() }) }) }),
});

/** In each line of the process that works for an activity. */
export const fieldsOf = ({ workflowExecution, activityId, activityType, attempt, taskQueue }: Info) => ({
  ...workflowExecution, // workflowId, runId
  activityId,
  activityType,
  attempt,
  taskQueue,
});

/** Lines and spans of the activities of a training name its run. */
export const activityLogFields =
  (tracing: Tracing): ActivityInterceptorsFactory =>
  ({ info }: Context) => {
    let said = {};
    return {
      inbound: {
        execute(input, next) {
          const planned = Input.safeParse(input.args[0]).data?.planned;
          const trainingRunId = planned?.id;
          said = { ...(trainingRunId && { trainingRunId }), ...tracing.ids() };
          tracing.describe({
            temporalAttempt: info.attempt,
            temporalTaskQueue: info.taskQueue,
            'rethinking.run.id': trainingRunId,
            'rethinking.model': planned?.run.trajectory.model,
          });
          return next(input);
        },
      },
      outbound: {
        getLogAttributes: (input, next) => next({ ...said, ...input }),
      },
    };
  };
