/** The one importer of OpenTelemetry. It reads OTEL_* itself: endpoints, headers, certificates, samplers, limits, names. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Context,
  context,
  DiagLogLevel,
  diag,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResourcesSync, envDetectorSync, Resource } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { Tracing } from './tracing.ts';

const FLUSH_MS = 3000;

// Whoever follows a figure asks every second.
const ASKING = /^(QueryWorkflow|HandleQuery|DescribeWorkflow)\b/;

export function startTracing({
  service,
  traceparent,
  tracestate,
  hide,
  onProblem,
}: {
  service: string;
  /** What this process's own spans are children of, as W3C's trace context writes it. */
  traceparent: string | undefined;
  tracestate: string | undefined;
  /** Takes secrets out of a text. */
  hide: (text: string) => string;
  onProblem: (message: string) => void;
}): Tracing {
  let told = false;
  const tell = (message: string) => {
    if (!told) onProblem(message);
    told = true;
  };
  const silent = () => {};
  diag.setLogger(
    { error: tell, warn: silent, info: silent, debug: silent, verbose: silent },
    DiagLogLevel.ERROR,
  );
  const resource = new Resource({ 'service.name': service }).merge(
    detectResourcesSync({ detectors: [envDetectorSync] }), // OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES
  );
  const processor = fitToSend(new BatchSpanProcessor(new OTLPTraceExporter()), hide);
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ contextManager: new AsyncLocalStorageContextManager().enable() });
  const tracer = trace.getTracer('rethinking');
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent, tracestate });
  const around = (): Context => (trace.getActiveSpan() ? context.active() : parent);

  return {
    span: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, around(), (span) =>
        work()
          .catch((error: unknown) => {
            fail(span, error);
            throw error;
          })
          .finally(() => span.end()),
      ),
    record(name, attributes, from, to) {
      tracer.startSpan(name, { attributes, startTime: from }, around()).end(to);
    },
    describe: (attributes) => void trace.getActiveSpan()?.setAttributes(attributes),
    ids(): Record<string, string> {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
    },
    variables() {
      const carrier: Record<string, string> = {};
      propagation.inject(around(), carrier);
      const { traceparent: TRACEPARENT = '', tracestate: TRACESTATE = '' } = carrier;
      return { TRACEPARENT, TRACESTATE };
    },
    worker: {
      interceptors: {
        client: { workflow: [new OpenTelemetryWorkflowClientInterceptor()] },
        activity: [
          (activity) => ({
            inbound: new OpenTelemetryActivityInboundInterceptor(activity),
            outbound: new OpenTelemetryActivityOutboundInterceptor(activity),
          }),
        ],
      },
      sinks: { exporter: makeWorkflowExporter(processor, resource) },
    },
    async flush() {
      const sent = provider.forceFlush().catch((error: unknown) => tell(String(error)));
      await Promise.race([sent, sleep(FLUSH_MS)]);
    },
  };
}

function fail(span: Span, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttribute('error.type', name);
}

const fitToSend = (processor: SpanProcessor, hide: (text: string) => string): SpanProcessor => ({
  onStart: (span, around) => processor.onStart(span, around),
  onEnd(span: ReadableSpan) {
    if (ASKING.test(span.name)) return;
    if (span.status.message) span.status.message = hide(span.status.message);
    for (const attributes of [span.attributes, ...span.events.map((event) => event.attributes ?? {})]) {
      for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === 'string') attributes[name] = hide(value);
      }
    }
    processor.onEnd(span);
  },
  forceFlush: () => processor.forceFlush(),
  shutdown: () => processor.shutdown(),
});
