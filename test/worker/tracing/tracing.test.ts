import { createRequire } from 'node:module';
import { context, diag, propagation, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readConfig } from '../../../worker/config.ts';
import { clientInterceptors, isTraced, NOT_TRACED, openTracing } from '../../../worker/tracing/tracing.ts';
import { startCollector } from './collector.ts';

let collector: Awaited<ReturnType<typeof startCollector>>;
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(() => {
  collector.close();
  vi.unstubAllEnvs();
  for (const api of [trace, context, propagation, diag]) api.disable();
});

/** Tracing of a process with these variables. */
function open(variables: Record<string, string>, onProblem: (message: string) => void = () => {}) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return openTracing(readConfig(), 'rethinking-test', onProblem);
}

const isLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => /opentelemetry.*sdk-trace/.test(path));

test('nothing of it is loaded unless the standard variables say where traces go', async () => {
  expect(await openTracing(readConfig({}), 'rethinking-test', () => {})).toBe(NOT_TRACED);
  expect(await clientInterceptors(readConfig({}))).toEqual([]);
  expect(isLoaded()).toBe(false);

  await open(collector.variables);

  expect(isLoaded()).toBe(true); // else this test could not tell
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_EXPORTER: 'none' }, false],
])('%o: traced is %s, as OpenTelemetry defines the variables', (variables, traced) => {
  expect(isTraced(readConfig(variables))).toBe(traced);
});

test('a protocol that is not spoken is refused with the way out', async () => {
  await expect(open({ ...collector.variables, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).rejects.toMatchObject({
    type: 'InvalidInput',
    message: expect.stringMatching(
      /^Traces cannot go by .*=grpc: set it to http\/protobuf, and the endpoint to /,
    ),
  });
});

test('a process goes on with the trace that it is started in, under the name that it is given, and hands it on', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const tracing = await open({ ...collector.variables, TRACEPARENT: traceparent, OTEL_SERVICE_NAME: 'mine' });
  let inside = {};
  const failing = tracing.span('outer', { attempt: 2, absent: undefined }, async () => {
    tracing.record('before', { step: 7 }, 1000, 2000);
    inside = { ...tracing.ids(), ...tracing.variables() };
    throw new RangeError('the reason');
  });

  await expect(failing).rejects.toThrow('the reason');
  await tracing.flush();

  const [before, outer] = collector.spans;
  expect(outer).toMatchObject({
    name: 'outer',
    service: 'mine',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentSpanId: 'b7ad6b7169203331',
    attributes: { attempt: 2, 'error.type': 'RangeError' },
  });
  expect(before).toMatchObject({ name: 'before', parentSpanId: outer?.spanId, attributes: { step: 7 } });
  expect(inside).toEqual({
    trace_id: outer?.traceId,
    span_id: outer?.spanId,
    TRACEPARENT: `00-${outer?.traceId}-${outer?.spanId}-01`,
    TRACESTATE: '',
  });
});

test('no secret of the environment is sent, neither in why something failed nor in an attribute', async () => {
  const tracing = await open({ ...collector.variables, AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' });
  const failing = tracing.span('outer', { asked: 'with wJalrXUtnFEMI' }, async () => {
    throw new Error('refused wJalrXUtnFEMI');
  });

  await expect(failing).rejects.toThrow('refused');
  await tracing.flush();

  expect(collector.spans).toMatchObject([
    { attributes: { asked: 'with [secret]' }, status: { message: 'refused [secret]' } },
  ]);
});

test('a collector that is away holds nothing up, and is told of once', async () => {
  const problems: string[] = [];
  const away = { ...collector.variables, OTEL_EXPORTER_OTLP_TIMEOUT: '300' };
  collector.close();
  const tracing = await open(away, (problem) => problems.push(problem));

  for (const name of ['one', 'two']) {
    await tracing.span(name, {}, async () => {});
    await tracing.flush();
  }

  await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 20_000 });
});
