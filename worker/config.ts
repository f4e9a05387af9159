/** The only reader of the environment. Services are reached by the standard variables: TEMPORAL_* (or temporal.toml)
 *  and AWS_*; the rest is ours. */
import { availableParallelism, cpus, platform, release } from 'node:os';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { WorkerOptions } from '@temporalio/worker';
import { z } from 'zod';
import { Failure } from '../activities/failure/failure.ts';
import type { Environment } from '../activities/provenance/provenance.ts';
import { createS3Store, type S3Options } from '../activities/store/s3.ts';
import type { Store } from '../activities/store/store.ts';
import manifest from '../package.json' with { type: 'json' };

const seconds = z.coerce.number().positive();

function isPrivate(url: string): boolean {
  if (!URL.canParse(url)) return true; // which is said already
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  );
}

/** Variables whose values no message shows. */
const SECRET = new Set(['RETHINKING_ALERT_URL']);

/** Variables whose values no log shows. */
const SECRETS = [
  ...SECRET,
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS_CLIENT_KEY_DATA',
];

/** Lists of `name=value`, the values of which no log shows. */
const LISTS_OF_SECRETS = [
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
  'OTEL_EXPORTER_OTLP_METRICS_HEADERS',
];

const LogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);

const Config = z.object({
  /** The bucket artifacts go to. It has no standard variable, and naming it is what says "use my S3". */
  RETHINKING_BUCKET: z.string().min(1).optional(),
  AWS_ENDPOINT_URL_S3: z.url().optional(),
  AWS_ENDPOINT_URL: z.url().optional(),
  AWS_REGION: z.string().default('us-east-1'),
  /** WHEN_REQUIRED for S3 servers that do not know the SDK's default checksums. */
  AWS_REQUEST_CHECKSUM_CALCULATION: z.enum(['WHEN_SUPPORTED', 'WHEN_REQUIRED']).default('WHEN_SUPPORTED'),
  /** Where CIFAR-10 is: a path or URL in any of the known forms. */
  RETHINKING_DATA: z.string().min(1).optional(),
  /** Where MNIST's files are: a folder, or the URL of one. */
  RETHINKING_MNIST: z.string().min(1).optional(),
  /** Where ImageNet is: a folder, s3:// prefix or https:// addresses of its shards or class folders. */
  RETHINKING_IMAGENET: z.string().min(1).optional(),
  /** What trains: `gpu` (NVIDIA's) and `webgpu` (anyone's) fail where there is none, `auto` takes what TensorFlow was set
   *  up for. */
  RETHINKING_DEVICE: z.enum(['auto', 'cpu', 'gpu', 'webgpu']).default('auto'),
  /** Its name, from the worker to its trainer. */
  RETHINKING_DEVICE_NAME: z.string().optional(),
  /** Which of several GPUs: numbers in the order of nvidia-smi, or ids. */
  CUDA_VISIBLE_DEVICES: z.string().optional(),
  /** The queue that a train worker serves: one of its own for GPUs lets `npm run move` take a training there. */
  RETHINKING_TRAIN_QUEUE: z.string().min(1).default('rethinking-train'),
  /** Which version of a worker deployment this is, as Temporal's worker controller names it; both or neither. */
  TEMPORAL_DEPLOYMENT_NAME: z.string().min(1).optional(),
  TEMPORAL_WORKER_BUILD_ID: z.string().min(1).optional(),
  /** A silent worker is dead after this long. */
  RETHINKING_HEARTBEAT_SECONDS: seconds.default(60),
  /** Tens of minutes, so that loading data and building the network are repaid. */
  RETHINKING_SEGMENT_SECONDS: seconds.default(1800),
  /** What a crash may cost. */
  RETHINKING_CHECKPOINT_SECONDS: seconds.default(30),
  /** A file that is fresh while a worker polls: what a probe looks at. */
  RETHINKING_PULSE_FILE: z.string().min(1).optional(),
  /** A worker ends when it has had nothing to do for so long: a job that a cluster starts for what waits. */
  RETHINKING_IDLE_SECONDS: seconds.optional(),
  /** Where Prometheus reads what a worker measures: a port of this machine alone, or ADDRESS:PORT to listen wider. Light
   *  workers take it, train workers the next one. */
  RETHINKING_METRICS_ADDRESS: z
    .string()
    .regex(/^(?:(?:\d+(?:\.\d+){3}|\[[\da-f:]+\]):)?\d{1,5}$/i, { error: 'is no PORT or IP-ADDRESS:PORT' })
    .optional(),
  /** A webhook that gets every drift report with a difference; a secret, since whoever has the address can post. */
  RETHINKING_ALERT_URL: z
    .url({ error: 'is not a URL' })
    .refine(isPrivate, { error: 'takes https, or http to this machine alone' })
    .optional(),
  /** A folder for TensorBoard's event files of what trains; none are written without. */
  RETHINKING_TENSORBOARD: z.string().min(1).optional(),
  /** The least that is logged, in pino's words. */
  RETHINKING_LOG_LEVEL: LogLevel.default('info'),
  /** Whose activity a trainer works for, as JSON, in each of its lines: from the worker to its trainer. */
  RETHINKING_LOG_FIELDS: z.string().optional(),
  /** Where traces go, how, and whether: OpenTelemetry's own, which reads the rest of OTEL_* itself. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string().optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.string().optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  /** The span that a process's own spans are children of, as W3C's trace context writes it. */
  TRACEPARENT: z.string().optional(),
  TRACESTATE: z.string().optional(),
  /** The clone, the cache and the binaries: set by the set-up. */
  RETHINKING_HOME: z.string().default(process.cwd()),
  RETHINKING_CACHE: z.string().optional(),
  RETHINKING_TEMPORAL: z.string().optional(),
  RETHINKING_VERSITYGW: z.string().optional(),
  RETHINKING_COMMIT: z.string().optional(),
});
export type Config = z.infer<typeof Config>;

export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Config.safeParse(environment);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return SECRET.has(name) ? `${name} ${message}` : `${name}=${environment[name]}: ${message}`;
  });
  throw new Failure('InvalidInput', `The environment cannot be used: ${problems.join('; ')}.`);
}

/** For a log that is there before the rest is read, and says what is wrong with it. */
export const logLevel = (environment: NodeJS.ProcessEnv): Config['RETHINKING_LOG_LEVEL'] =>
  LogLevel.catch('info').parse(environment.RETHINKING_LOG_LEVEL);

/** Shorter values are no secrets, and hiding them would hide half of every line. */
const SHORTEST_SECRET = 6;

/** The longest first: one may contain another. */
export function secretsOf(environment: NodeJS.ProcessEnv): string[] {
  const whole = SECRETS.map((name) => environment[name] ?? '');
  const listed = LISTS_OF_SECRETS.flatMap((name) =>
    (environment[name] ?? '').split(',').map((pair) => pair.slice(pair.indexOf('=') + 1).trim()),
  );
  const decoded = listed.map((value) => value.replaceAll(/%20/g, ' '));
  return [...new Set([...whole, ...listed, ...decoded])]
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
}

/** The store of this process: the bucket named in the environment, with the SDK's standard credentials. */
export function openStore(config: Config): Store {
  return createS3Store(s3Options(config));
}

export const s3Options = (config: Config): S3Options => ({
  bucket: config.RETHINKING_BUCKET ?? 'rethinking',
  endpoint: config.AWS_ENDPOINT_URL_S3 ?? config.AWS_ENDPOINT_URL,
  region: config.AWS_REGION,
  checksums: config.AWS_REQUEST_CHECKSUM_CALCULATION,
});

/** Versioned where the environment names a deployment: a training then stays with the code that began it, figures go on
 *  with today's. Elsewhere any worker takes any workflow: on a laptop no other version is left after an update. */
export function workerVersion({
  TEMPORAL_DEPLOYMENT_NAME: deploymentName,
  TEMPORAL_WORKER_BUILD_ID: buildId,
}: Config): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (!deploymentName && !buildId) return {};
  if (!deploymentName || !buildId) {
    throw new Failure(
      'InvalidInput',
      'TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID name a version together: set both, or neither.',
    );
  }
  return {
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName, buildId },
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}

/** Address, namespace, TLS and keys from TEMPORAL_* or temporal.toml. */
export const temporalConnection = () => loadClientConnectConfig();

/** What provenance records say about this process; the device is the trainer's to know. */
export function describeEnvironment(
  config: Config,
  device = 'none',
  tensorflow: string | null = null,
): Environment {
  return {
    code: { name: manifest.name, version: manifest.version, commit: config.RETHINKING_COMMIT ?? null },
    node: process.version,
    platform: `${platform()} ${release()} ${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    tensorflow,
    device,
    threads: computingThreads(),
  };
}

/** Of TensorFlow's operations, and of ours (infra/native/thread-pool.cc). */
export function computingThreads(): number {
  const told = Number.parseInt(process.env.TF_NUM_INTRAOP_THREADS ?? '', 10);
  return told > 0 ? told : availableParallelism();
}
