/** What a trainer or solver says of itself: one process an attempt, so the activity that it works for stands in each of
 *  its lines, and its spans are that activity's children. */
import { z } from 'zod';
import type { Config } from './config.ts';
import { type Logger, openLog } from './log.ts';
import { type Attributes, NOT_TRACED, openTracing, type Tracing } from './tracing/tracing.ts';

export interface Telemetry {
  log: Logger;
  tracing: Tracing;
}

/** Of the activity; none where a process is started by hand. */
const Fields = z.object({
  workflowId: z.string().optional(),
  runId: z.string().optional(),
  activityId: z.string().optional(),
  activityType: z.string().optional(),
  attempt: z.int().optional(),
  taskQueue: z.string().optional(),
});

/** Work under one span, its beginning and its failure in the log; what was traced is on its way when this returns.
 *  fields: of each line; attributes: of the span. */
export async function observed<T>(
  config: Config,
  { name, span, fields, attributes }: { name: string; span: string; fields: object; attributes: Attributes },
  work: (telemetry: Telemetry) => Promise<T>,
): Promise<T> {
  const asked = Fields.parse(JSON.parse(config.RETHINKING_LOG_FIELDS ?? '{}'));
  let tracing = NOT_TRACED;
  const log = openLog(name, { fields: { ...asked, ...fields }, ids: () => tracing.ids() });
  tracing = await openTracing(config, `rethinking-${name}`, (problem) =>
    log.warn({ problem }, 'traces are lost: the collector does not take them'),
  );
  // As Temporal's own spans call them.
  const around = {
    temporalWorkflowId: asked.workflowId,
    run_id: asked.runId,
    temporalActivityId: asked.activityId,
    temporalAttempt: asked.attempt,
    temporalTaskQueue: asked.taskQueue,
    ...attributes,
  };
  try {
    return await tracing.span(span, around, async () => {
      log.info(`${span}: begins`);
      return work({ log, tracing }).catch((error: unknown) => {
        log.error({ err: error }, `${span}: failed`);
        throw error;
      });
    });
  } finally {
    await tracing.flush();
  }
}
