/** What the chart promises, on its recorded renderings; that they are valid, `npm run check-infra` checks. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readConfig } from '../../../worker/config.ts';
import { endpointOf } from '../../../worker/metrics/endpoint.ts';
import { FORCE_SECONDS } from '../../../worker/shutdown.ts';
import { CASES, digestOf, manifestsOf, podsOf, recordOf } from './rendering.ts';

const named = (name: string, kind: string, own = 'rethinking') =>
  manifestsOf(name).find((manifest) => manifest.kind === kind && manifest.metadata.name === own)?.spec;
const containerOf = (name: string, workload: string) =>
  podsOf(name).get(`rethinking-${workload}`)?.containers[0];
const variablesOf = (name: string, workload: string) =>
  Object.fromEntries((containerOf(name, workload)?.env ?? []).map(({ name, ...given }) => [name, given]));

describe.each(CASES)('with the values %s', (name) => {
  const pods = [...podsOf(name)];
  const containers = pods.flatMap(([, pod]) => pod.containers);
  const workers = pods.filter(([workload]) => /-(light|train)$/.test(workload));

  test('the recording is of this chart (else: npm run check-infra -- --record)', () => {
    expect(readFileSync(recordOf(name), 'utf8').split('\n')[0]).toBe(digestOf(name));
  });

  test('nothing runs as root, gains rights or writes to its image', () => {
    expect(workers.map(([workload]) => workload)).toEqual(
      expect.arrayContaining(['rethinking-light', 'rethinking-train']),
    );
    for (const [, pod] of pods) {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
    }
    for (const { securityContext } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test('every variable that is a secret is a reference, and no manifest is a secret', () => {
    const secret = /KEY|SECRET|TOKEN|PASSWORD/;
    for (const { env } of containers) {
      for (const { name: variable, value } of env.filter(
        (one) => secret.test(one.name) && !/_PATH$/.test(one.name),
      )) {
        expect([variable, value]).toEqual([variable, undefined]);
      }
    }
    expect(manifestsOf(name).map(({ kind }) => kind)).not.toContain('Secret');
  });

  test('a worker has longer to end than it takes to checkpoint and hand over', () => {
    for (const [, pod] of workers) {
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(FORCE_SECONDS);
    }
  });

  test('a worker is probed by its file, and has no port but that of metrics that were asked for', () => {
    for (const [workload, { containers }] of workers) {
      for (const { startupProbe, readinessProbe, livenessProbe, ports } of containers) {
        for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
          expect(probe?.exec.command.join(' ')).toContain('find "$RETHINKING_PULSE_FILE"');
        }
        const told = variablesOf(name, workload.replace('rethinking-', '')).RETHINKING_METRICS_ADDRESS;
        const role = workload.endsWith('-light') ? 'light' : 'train';
        const endpoint = endpointOf(readConfig({ RETHINKING_METRICS_ADDRESS: told?.value }), role);
        expect(ports?.map(({ containerPort }) => `0.0.0.0:${containerPort}`) ?? [null]).toEqual([endpoint]);
      }
    }
  });

  test('memory is bounded and asked for', () => {
    for (const { resources } of containers) {
      expect(resources.requests).toHaveProperty('memory');
      expect(resources.limits).toHaveProperty('memory');
    }
  });

  test('a drain takes one light worker at a time', () => {
    expect(named(name, 'PodDisruptionBudget', 'rethinking-light')).toMatchObject({ maxUnavailable: 1 });
  });
});

const ScaledJob = z.looseObject({
  minReplicaCount: z.number(),
  maxReplicaCount: z.number(),
  rollout: z.looseObject({ strategy: z.string() }),
  scalingStrategy: z.looseObject({ strategy: z.string(), pendingPodConditions: z.array(z.string()) }),
  triggers: z.array(z.looseObject({ metadata: z.record(z.string(), z.string()) })),
});

test('KEDA can start trainers and remove none: jobs from zero, one for each waiting task, which end by themselves', () => {
  const trainers = ScaledJob.parse(named('own-cluster', 'ScaledJob', 'rethinking-train'));

  expect(manifestsOf('own-cluster').filter(({ kind }) => kind === 'Deployment')).toHaveLength(1);
  expect(trainers).toMatchObject({
    minReplicaCount: 0,
    maxReplicaCount: 4,
    rollout: { strategy: 'gradual' },
  });
  expect(trainers.scalingStrategy).toMatchObject({
    strategy: 'accurate',
    pendingPodConditions: ['Ready', 'PodScheduled'],
  });
  expect(trainers.triggers.map(({ metadata }) => [metadata.taskQueue, metadata.targetQueueSize])).toEqual([
    ['rethinking-train', '1'],
    ['rethinking-data', '1'],
  ]);
  expect(variablesOf('own-cluster', 'train').RETHINKING_IDLE_SECONDS).toEqual({ value: '300' });
  expect(podsOf('own-cluster').get('rethinking-train')?.restartPolicy).toBe('Never');
});

test('the last light worker stays while a workflow is open, whatever the backlog says', () => {
  expect(named('own-cluster', 'ScaledObject', 'rethinking-light')).toMatchObject({
    minReplicaCount: 0,
    triggers: [{ metadata: { taskQueue: 'rethinking', includeRunningWorkflowCount: 'true' } }],
  });
});

test('a GPU trainer has one GPU and asks for it by name, so that nothing trains on the CPU instead', () => {
  expect(containerOf('cloud-api-key', 'train')?.resources.limits).toMatchObject({ 'nvidia.com/gpu': '1' });
  expect(variablesOf('cloud-api-key', 'train').RETHINKING_DEVICE).toEqual({ value: 'gpu' });
  expect(containerOf('own-cluster', 'train')?.resources.limits).not.toHaveProperty('nvidia.com/gpu');
});

test('trainings hold a drain where that is asked for', () => {
  expect(named('cloud-api-key', 'PodDisruptionBudget', 'rethinking-train')).toMatchObject({
    minAvailable: 16,
  });
  expect(named('own-cluster', 'PodDisruptionBudget', 'rethinking-train')).toBeUndefined();
});

test('Temporal Cloud by API key: workers and KEDA read the same secret, over TLS', () => {
  expect(variablesOf('cloud-api-key', 'light')).toMatchObject({
    TEMPORAL_ADDRESS: { value: 'eu-central-1.aws.api.temporal.io:7233' },
    TEMPORAL_TLS: { value: 'true' },
    TEMPORAL_API_KEY: { valueFrom: { secretKeyRef: { name: 'temporal-cloud', key: 'api-key' } } },
  });
  expect(named('cloud-api-key', 'TriggerAuthentication')).toEqual({
    secretTargetRef: [{ parameter: 'apiKey', name: 'temporal-cloud', key: 'api-key' }],
  });
});

test('Temporal by client certificates: mounted read-only, named by the standard variables, read by KEDA too', () => {
  expect(variablesOf('cloud-mtls', 'train')).toMatchObject({
    TEMPORAL_TLS: { value: 'true' },
    TEMPORAL_TLS_CLIENT_CERT_PATH: { value: '/var/run/temporal-tls/tls.crt' },
    TEMPORAL_TLS_CLIENT_KEY_PATH: { value: '/var/run/temporal-tls/tls.key' },
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: { value: '/var/run/temporal-tls/ca.crt' },
    TEMPORAL_TLS_SERVER_NAME: { value: 'temporal.internal' },
  });
  expect(containerOf('cloud-mtls', 'train')?.volumeMounts).toContainEqual(
    expect.objectContaining({ mountPath: '/var/run/temporal-tls', readOnly: true }),
  );
  expect(named('cloud-mtls', 'TriggerAuthentication')).toMatchObject({
    secretTargetRef: [{ parameter: 'cert' }, { parameter: 'key' }, { parameter: 'ca' }],
  });
});

test('versioned workers and what counts their backlog name the same build', () => {
  const { TEMPORAL_DEPLOYMENT_NAME, TEMPORAL_WORKER_BUILD_ID } = variablesOf('cloud-mtls', 'light');
  expect([TEMPORAL_DEPLOYMENT_NAME, TEMPORAL_WORKER_BUILD_ID]).toEqual([
    { value: 'rethinking' },
    { value: '1f3a' },
  ]);
  const { triggers } = ScaledJob.parse(named('cloud-mtls', 'ScaledJob', 'rethinking-train'));
  for (const { metadata } of triggers) {
    expect(metadata).toMatchObject({ workerDeploymentName: 'rethinking', workerDeploymentBuildId: '1f3a' });
  }
});

test('one trainer of a new build goes first, so that its queues are known, and ends when it is idle', () => {
  const first = [...podsOf('cloud-mtls')].find(([name]) => name.startsWith('rethinking-first-'))?.[1];
  expect(first?.containers[0]?.args).toEqual(['dist/worker/main.js', 'train']);
  expect(first?.containers[0]?.env).toContainEqual({ name: 'RETHINKING_IDLE_SECONDS', value: '300' });
  expect([...podsOf('own-cluster').keys()].filter((name) => name.includes('-first-'))).toEqual([]);
});

test('nobody may reach a worker, and it may reach names, Temporal and S3 alone', () => {
  expect(named('own-cluster', 'NetworkPolicy')).toMatchObject({
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
  });
  const { egress } = z
    .looseObject({ egress: z.array(z.unknown()) })
    .parse(named('own-cluster', 'NetworkPolicy'));
  const namespace = (name: string) => [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } },
  ];
  expect(egress).toEqual([
    {
      to: namespace('kube-system'),
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
    },
    { to: namespace('temporal'), ports: [{ port: 7233, protocol: 'TCP' }] },
    { to: namespace('storage'), ports: [{ port: 7070, protocol: 'TCP' }] },
  ]);
});

test('metrics are off unless asked for; then Prometheus alone may come, and its operator knows where', () => {
  expect(manifestsOf('own-cluster').map(({ kind }) => kind)).not.toContain('PodMonitor');
  expect(variablesOf('own-cluster', 'light').RETHINKING_METRICS_ADDRESS).toBeUndefined();

  expect(named('cloud-mtls', 'NetworkPolicy')).toMatchObject({
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
        ports: [
          { port: 9464, protocol: 'TCP' },
          { port: 9465, protocol: 'TCP' },
        ],
      },
    ],
  });
  expect(named('cloud-mtls', 'PodMonitor')).toMatchObject({ podMetricsEndpoints: [{ port: 'metrics' }] });
  for (const role of ['light', 'train']) {
    expect(containerOf('cloud-mtls', role)?.ports?.[0]?.name).toBe('metrics');
  }
});

test('more variables reach both workers, and where they name a collector, so do the workers', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = { value: 'https://collector.example:4318' };
  for (const workload of ['light', 'train']) {
    expect(variablesOf('cloud-mtls', workload)).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT });
  }
  expect(named('cloud-mtls', 'NetworkPolicy')).toMatchObject({
    egress: expect.arrayContaining([{ ports: [{ port: 4318, protocol: 'TCP' }] }]),
  });
});

test('trainers fetch data sets from anywhere but the cloud’s metadata address, light workers from nowhere', () => {
  expect(named('cloud-api-key', 'NetworkPolicy', 'rethinking-data-sets')).toMatchObject({
    podSelector: { matchLabels: { 'app.kubernetes.io/component': 'train' } },
    egress: [
      { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }], ports: [{ port: 443 }] },
    ],
  });
});

test('a schedule is made by the command line, after the install', () => {
  expect(containerOf('cloud-api-key', 'schedule-nightly')?.args).toEqual([
    'dist/worker/cli/main.js',
    ...['schedule', 'create', 'nightly', '--at', '02:30', '--budget-minutes', '480'],
  ]);
  const job = manifestsOf('cloud-api-key').find(({ kind }) => kind === 'Job');
  expect(job?.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'post-install' });
});
