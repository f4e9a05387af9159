/** OpenTelemetry traces from the command line to the training: one trace a command. Off, and none of it loaded, unless the
 *  standard variables say where traces go. What reached the collector outlives a crash; a span that had not ended is lost
 *  with its process, and the attempt that goes on is a span of its own. */
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import { Failure } from '../../activities/failure/failure.ts';
import { type Config, secretsOf } from '../config.ts';
import { withoutSecrets } from '../secrets.ts';

export type Attributes = Record<string, string | number | boolean | undefined>;

export interface Tracing {
  /** A span around work, and the parent of what is traced inside. */
  span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>;
  /** A span of what took place between two moments, milliseconds since 1970. */
  record(name: string, attributes: Attributes, from: number, to: number): void;
  /** More about the span that is active. */
  describe(attributes: Attributes): void;
  /** Of the active span, for lines of a log: `trace_id` and `span_id`. */
  ids(): Record<string, string>;
  /** Variables that make the spans of a process that is started with them children of the active one. */
  variables(): Record<string, string>;
  /** For Temporal's worker. */
  worker: Pick<WorkerOptions, 'interceptors' | 'sinks'>;
  /** Sends what has ended, in at most a few seconds: a collector that is away holds nothing up. */
  flush(): Promise<void>;
}

export const NOT_TRACED: Tracing = {
  span: (_name, _attributes, work) => work(),
  record() {},
  describe() {},
  ids: () => ({}),
  variables: () => ({}),
  worker: {},
  flush: async () => {},
};

export function isTraced(config: Config): boolean {
  const endpoint = config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint || config.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  return !config.OTEL_TRACES_EXPORTER || config.OTEL_TRACES_EXPORTER.split(',').includes('otlp');
}

/** service: what the spans are of, unless OTEL_SERVICE_NAME says otherwise. onProblem: told once when spans cannot be
 *  delivered; they are dropped. */
export async function openTracing(
  config: Config,
  service: string,
  onProblem: (message: string) => void,
): Promise<Tracing> {
  if (!isTraced(config)) return NOT_TRACED;
  const protocol = config.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || config.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol && protocol !== 'http/protobuf') {
    throw new Failure(
      'InvalidInput',
      `Traces cannot go by OTEL_EXPORTER_OTLP_PROTOCOL=${protocol}: set it to http/protobuf, and the endpoint to your ` +
        'collector’s port for that, usually 4318.',
    );
  }
  const { startTracing } = await import('./opentelemetry.ts');
  return startTracing({
    service,
    traceparent: config.TRACEPARENT,
    tracestate: config.TRACESTATE,
    hide: (text) => withoutSecrets(text, secretsOf(process.env)),
    onProblem,
  });
}

/** For a client of Temporal's, in a process whose tracing is open. */
export async function clientInterceptors(config: Config): Promise<WorkflowClientInterceptor[]> {
  if (!isTraced(config)) return [];
  const { OpenTelemetryWorkflowClientInterceptor } = await import('@temporalio/interceptors-opentelemetry');
  return [new OpenTelemetryWorkflowClientInterceptor()];
}
