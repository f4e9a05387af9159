/** What is traced of workflows, in their sandbox. The interceptors of Temporal's package wait on the way, which gives two
 *  things that happen at once another order than without them: a workflow that began untraced could not go on traced. These
 *  hand on the very promises that they are given, so tracing is switched on and off under running workflows. */
import { type Context, context, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import {
  extractContextFromHeaders,
  headersWithContext,
} from '@temporalio/interceptors-opentelemetry/lib/instrumentation.js';
import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
  SpanName,
} from '@temporalio/interceptors-opentelemetry/lib/workflow/index.js';
import {
  ContinueAsNew,
  type WorkflowInboundCallsInterceptor,
  type WorkflowInterceptorsFactory,
  type WorkflowOutboundCallsInterceptor,
  workflowInfo,
} from '@temporalio/workflow';

type Inbound = Required<WorkflowInboundCallsInterceptor>;
type Outbound = Required<WorkflowOutboundCallsInterceptor>;

/** A span while a promise is pending; returns that promise itself. */
function spanned<T>(
  tracer: Tracer,
  name: string,
  around: Context | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const outside = around ?? context.active();
  const span = tracer.startSpan(name, {}, outside);
  const promise = context.with(trace.setSpan(outside, span), work);
  promise.then(
    () => span.end(),
    (error: unknown) => {
      if (!(error instanceof ContinueAsNew)) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : '' });
      }
      span.end();
    },
  );
  return promise;
}

class TracedInbound extends OpenTelemetryInboundInterceptor {
  /** Of the workflow's span, for lines that are written outside of its function, such as the one that it failed. */
  ids: Record<string, string> = {};

  override execute: Inbound['execute'] = (input, next) =>
    spanned(
      this.tracer,
      `${SpanName.WORKFLOW_EXECUTE}:${workflowInfo().workflowType}`,
      extractContextFromHeaders(input.headers),
      () => {
        const span = trace.getActiveSpan()?.spanContext();
        if (span) this.ids = { trace_id: span.traceId, span_id: span.spanId };
        return next(input);
      },
    );

  override handleSignal: Inbound['handleSignal'] = (input, next) =>
    spanned(
      this.tracer,
      `${SpanName.WORKFLOW_HANDLE_SIGNAL}:${input.signalName}`,
      extractContextFromHeaders(input.headers),
      () => next(input),
    );

  override handleUpdate: Inbound['handleUpdate'] = (input, next) =>
    spanned(
      this.tracer,
      `${SpanName.WORKFLOW_HANDLE_UPDATE}:${input.name}`,
      extractContextFromHeaders(input.headers),
      () => next(input),
    );

  override validateUpdate: Inbound['validateUpdate'] = (input, next) => next(input);

  /** Whoever follows a figure asks every second. */
  override handleQuery: Inbound['handleQuery'] = (input, next) => next(input);
}

class TracedOutbound extends OpenTelemetryOutboundInterceptor {
  override scheduleActivity: Outbound['scheduleActivity'] = (input, next) =>
    spanned(this.tracer, `${SpanName.ACTIVITY_START}:${input.activityType}`, undefined, () =>
      next({ ...input, headers: headersWithContext(input.headers) }),
    );

  override startChildWorkflowExecution: Outbound['startChildWorkflowExecution'] = (input, next) =>
    spanned(this.tracer, `${SpanName.CHILD_WORKFLOW_START}:${input.workflowType}`, undefined, () =>
      next({ ...input, headers: headersWithContext(input.headers) }),
    );

  override signalWorkflow: Outbound['signalWorkflow'] = (input, next) =>
    spanned(this.tracer, `${SpanName.WORKFLOW_SIGNAL}:${input.signalName}`, undefined, () =>
      next({ ...input, headers: headersWithContext(input.headers) }),
    );

  override continueAsNew: Outbound['continueAsNew'] = (input, next) =>
    spanned(this.tracer, `${SpanName.CONTINUE_AS_NEW}:${input.options.workflowType}`, undefined, () =>
      next({ ...input, headers: headersWithContext(input.headers) }),
    );
}

export const interceptors: WorkflowInterceptorsFactory = () => {
  const inbound = new TracedInbound();
  return {
    inbound: [inbound],
    outbound: [
      new TracedOutbound(),
      { getLogAttributes: (input, next) => next({ ...inbound.ids, ...input }) },
    ],
    internals: [new OpenTelemetryInternalsInterceptor()],
  };
};
