/** A collector of traces on this machine: it takes what OpenTelemetry's exporters send, as OTLP over HTTP in protobuf. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'protobufjs';
import { z } from 'zod';

// The part of opentelemetry-proto 1 that is looked at; numbers from its public definition.
const { root } = parse(`syntax = "proto3";
  message Export { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; repeated KeyValue attributes = 9;
    Status status = 15;
  }
  message Status { string message = 2; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }`);
const Message = root.lookupType('Export');

const Values = z
  .array(
    z.object({
      key: z.string(),
      value: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  )
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]])));
const hex = z.instanceof(Buffer).transform((bytes) => bytes.toString('hex'));
const Span = z.object({
  name: z.string(),
  traceId: hex,
  spanId: hex,
  parentSpanId: hex.optional(),
  attributes: Values,
  status: z.object({ message: z.string().optional() }).optional(),
});
const Sent = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Values }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
});

export interface CollectedSpan extends z.infer<typeof Span> {
  service: unknown;
}

export async function startCollector() {
  const spans: CollectedSpan[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === '/v1/traces') {
      const message = Message.toObject(Message.decode(Buffer.concat(chunks)), { longs: Number });
      for (const { resource, scopeSpans } of Sent.parse(message).resourceSpans) {
        const service = resource.attributes['service.name'];
        for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, service })));
      }
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    spans,
    /** Where processes find it, and that they send soon. */
    variables: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
    close: () => server.close(),
  };
}
