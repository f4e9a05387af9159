import { availableParallelism } from 'node:os';
import { expect, onTestFinished, test, vi } from 'vitest';
import { computingThreads, readConfig, temporalConnection } from '../../worker/config.ts';

test('an empty environment has production’s limits and no services of its own', () => {
  expect(readConfig({})).toMatchObject({
    RETHINKING_HEARTBEAT_SECONDS: 60,
    RETHINKING_CHECKPOINT_SECONDS: 30,
    RETHINKING_SEGMENT_SECONDS: 1800,
    RETHINKING_DEVICE: 'auto',
  });
  expect(readConfig({}).RETHINKING_BUCKET).toBeUndefined();
});

test.each(['auto', 'cpu', 'gpu', 'webgpu'])('RETHINKING_DEVICE may be %s', (device) => {
  expect(readConfig({ RETHINKING_DEVICE: device }).RETHINKING_DEVICE).toBe(device);
});

test('a value that cannot be meant is named with its variable', () => {
  expect(() =>
    readConfig({
      RETHINKING_CHECKPOINT_SECONDS: 'often',
      AWS_ENDPOINT_URL_S3: 'localhost',
      RETHINKING_DEVICE: 'tpu',
    }),
  ).toThrow(
    /^The environment cannot be used: AWS_ENDPOINT_URL_S3=localhost: .*; RETHINKING_DEVICE=tpu: .*; RETHINKING_CHECKPOINT_SECONDS=often: .*\.$/,
  );
});

test('an API key never travels without TLS, also where nobody asked for it', () => {
  vi.stubEnv('TEMPORAL_ADDRESS', 'cloud.example:7233');
  vi.stubEnv('TEMPORAL_API_KEY', 'the-key');
  expect(temporalConnection().connectionOptions).toMatchObject({ apiKey: 'the-key', tls: true });
  vi.unstubAllEnvs();
});

test('a webhook takes https, or http to this machine alone, and no message shows its address', () => {
  const read = (RETHINKING_ALERT_URL: string) => readConfig({ RETHINKING_ALERT_URL }).RETHINKING_ALERT_URL;
  expect(read('https://example.org/T0KEN')).toBe('https://example.org/T0KEN');
  expect(read('http://127.0.0.1:8080/T0KEN')).toBe('http://127.0.0.1:8080/T0KEN');
  expect(() => read('http://example.org/T0KEN')).toThrow(
    /RETHINKING_ALERT_URL takes https, or http to this machine alone\.$/,
  );
  expect(() => read('T0KEN')).toThrow(/: RETHINKING_ALERT_URL is not a URL\.$/);
});

test.each([
  ['3', 3],
  ['0', availableParallelism()],
  ['', availableParallelism()],
  ['many', availableParallelism()],
])('told %j, it computes with %d', (told, threads) => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('TF_NUM_INTRAOP_THREADS', told);
  expect(computingThreads()).toBe(threads);
});
