/** What needs Helm, hadolint and the schemas: run by `npm run check-infra`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkers, run } from '../check/checkers.ts';
import { CASES, CHART, digestOf, ROOT, recordOf, valuesOf } from './rendering.ts';

const folder = mkdtempSync(join(tmpdir(), 'rethinking-chart-'));
afterAll(() => rmSync(folder, { recursive: true }));

const render = (name: string) =>
  `${digestOf(name)}\n${run(checkers.helm, 'template', 'rethinking', CHART, '--namespace', 'ml', '--values', valuesOf(name))}`;
const schemas = (...args: string[]) =>
  run(checkers.python, join(ROOT, 'infra', 'check', 'schemas.py'), checkers.keda, ...args).trim();

describe.each(CASES)('with the values %s', (name) => {
  test('the chart lints strictly', () => {
    expect(run(checkers.helm, 'lint', '--strict', CHART, '--values', valuesOf(name))).toContain(
      '0 chart(s) failed',
    );
  });

  test('it renders what is recorded', () => {
    const rendered = render(name);
    if (process.env.RECORD) {
      mkdirSync(dirname(recordOf(name)), { recursive: true });
      writeFileSync(recordOf(name), rendered);
    }
    expect(rendered).toBe(readFileSync(recordOf(name), 'utf8'));
  });

  // The oldest that the chart admits, and the newest that there is a schema of.
  test.each(['1.27', '1.37'])('every manifest is valid for Kubernetes %s and KEDA, strictly', (version) => {
    expect(schemas('manifests', version, recordOf(name))).toBe('valid');
  });
});

test('the schemas do refuse: a misspelt field of a pod, of a ScaledJob, of a trigger, of a PodMonitor', () => {
  const record = readFileSync(recordOf('own-cluster'), 'utf8');
  const broken = record
    .replaceAll('terminationGracePeriodSeconds', 'terminationGraceSeconds')
    .replace('pollingInterval', 'pollInterval')
    .replace('targetQueueSize', 'targetQueue')
    .concat(
      `---\n${readFileSync(recordOf('cloud-mtls'), 'utf8').replace('podMetricsEndpoints', 'podEndpoints')}`,
    );
  const file = join(folder, 'broken.yaml');
  writeFileSync(file, broken);

  const problems = schemas('manifests', '1.37', file);

  expect(problems).toContain('Deployment/rethinking-light');
  expect(problems).toContain("'terminationGraceSeconds' was unexpected");
  expect(problems).toContain("'pollInterval' was unexpected");
  expect(problems).toContain('the scaler has no parameter targetQueue');
  expect(problems).toContain("'podEndpoints' was unexpected");
});

test.each([
  ['--set', 'temporal.adress=x:1', "additional properties 'adress' not allowed"],
  ['--set', 'temporal.address=nowhere', "at '/temporal/address': 'nowhere' does not match pattern"],
  ['--set', 'temporal.auth=apiKey', "at '/temporal/apiKey/existingSecret': minLength"],
  ['--set', 'temporal.auth=mtls', "at '/temporal/mtls/existingSecret': minLength"],
  ['--set', 'store.bucket=No_Bucket', "at '/store/bucket'"],
  ['--set', 'image.light=worker', "at '/image/light': 'worker' does not match pattern"],
  ['--set', 'train.device=tpu', "at '/train/device': value must be one of 'cpu', 'gpu'"],
  ['--set', 'train.checkpointSeconds=120', "at '/train/checkpointSeconds': maximum"],
  ['--set', 'metrics.podMonitor=true', "at '/metrics/enabled'"],
  ['--set', 'versioning.buildId=1f3a', 'versioning.deployment and versioning.buildId belong together'],
  ['--set', 'versioning.buildId=a,versioning.deployment=b', 'set light.replicas.min to 1'],
  ['--set', 'light.replicas.min=9', 'light.replicas.min is above light.replicas.max'],
])('a value that cannot be meant is refused by its name: %s %s', (flag, value, sentence) => {
  const args = ['template', 'rethinking', CHART, '--values', valuesOf('own-cluster'), flag, value];
  const answer = run(checkers.helm, ...args);
  expect(answer).toMatch(/^failed: /);
  expect(answer).toContain(sentence);
});

test('the compose files are valid, together with what a GPU and Prometheus add', () => {
  const files = ['compose.yaml', 'gpu.yaml', 'observability.yaml'].map((name) =>
    join(ROOT, 'infra', 'compose', name),
  );
  expect(schemas('compose', ...files)).toBe('valid');
});

test.each(['worker', 's3'])('hadolint finds nothing in %s.Dockerfile', (name) => {
  expect(run(checkers.hadolint, join('infra', 'images', `${name}.Dockerfile`))).toBe('');
});
