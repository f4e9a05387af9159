/** A worker process: `main.js light` serves workflows and light activities, `main.js train` data and trainings, one at a
 *  time on each device that it sees.
 *  SIGTERM checkpoints and hands over. As a child of the command line it ends with its parent. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Failure } from '../activities/failure/failure.ts';
import { createDataActivities, createLightActivities, createTrainActivities } from '../activities/index.ts';
import type { SolverReport } from '../activities/solve-kernel.ts';
import { TRAINING_ENVIRONMENT } from '../activities/tensorflow/environment.ts';
import type { TrainerReport } from '../activities/train-segment.ts';
import type { Device } from '../infra/device/choose.mjs';
import { activityLogFields, fieldsOf } from './activity-log.ts';
import { workflowBundle } from './bundle.ts';
import {
  type Config,
  describeEnvironment,
  openStore,
  readConfig,
  temporalConnection,
  workerVersion,
} from './config.ts';
import { findDevices, variablesOf } from './device.ts';
import { largePayloadsIn } from './large-payloads.ts';
import { logText, openLog, temporalLog } from './log.ts';
import { askMachine } from './machine.ts';
import { deviceLabel, watchDeviceMemory } from './metrics/device-memory.ts';
import { cannotListen, endpointOf, telemetryAt } from './metrics/endpoint.ts';
import { measuredStore } from './metrics/measured-store.ts';
import { countCall, createMeters, type Meters } from './metrics/meters.ts';
import { watchChild, watchTrainer } from './metrics/watch-child.ts';
import { watchTemporal } from './metrics/watch-temporal.ts';
import { startPulse } from './pulse.ts';
import { SHUTDOWN } from './shutdown.ts';
import { clientInterceptors, isTraced, NOT_TRACED, openTracing } from './tracing/tracing.ts';

const LIVELY = {
  maxHeartbeatThrottleInterval: '1 second', // a person watches the steps, and waits for a cancellation
  defaultHeartbeatThrottleInterval: '1 second',
} as const;

/** What another worker on this machine would find just so. */
const FOR_GOOD = ['DeviceMissing', 'InvalidInput'] as const;

const role = process.argv[2] === 'light' ? 'light' : 'train';
let tracing = NOT_TRACED;
const log = openLog(`worker-${role}`, { ids: () => tracing.ids() });
process.on('disconnect', () => process.exit(1));

try {
  const meters = installRuntime(readConfig());
  const devices = role === 'train' ? findDevices(askMachine(readConfig())) : [];
  await Promise.all([devices, servicesAreKnown()]);
  await main(await devices, meters);
  await tracing.flush();
  process.exit(0);
} catch (error) {
  await tracing.flush();
  log.error(error, 'the worker ends');
  const { message } = error instanceof Error ? error : { message: String(error) };
  const refusal = error instanceof Failure && FOR_GOOD.find((type) => type === error.type);
  process.send?.(refusal ? { kind: 'refused', type: refusal, message } : { kind: 'failed', message });
  process.exit(1);
}

/** Null where nobody asked for metrics: then nothing is measured. */
function installRuntime(config: Config): Meters | null {
  const { logger, telemetryOptions } = temporalLog(log);
  const endpoint = endpointOf(config, role);
  if (endpoint === null) {
    Runtime.install({ logger, telemetryOptions });
    return null;
  }
  try {
    Runtime.install({ logger, telemetryOptions: { ...telemetryOptions, ...telemetryAt(endpoint) } });
  } catch (error) {
    throw cannotListen(endpoint, error);
  }
  log.info({ endpoint }, 'metrics are served');
  return createMeters(Runtime.instance().metricMeter);
}

async function servicesAreKnown(): Promise<void> {
  if (process.env.RETHINKING_SERVICES !== 'told') return;
  const end = () => process.exit(0); // nothing has begun
  process.once('SIGTERM', end);
  const [variables] = await once(process, 'message'); // from the command line, which finds out where they are
  process.off('SIGTERM', end);
  Object.assign(process.env, variables);
}

async function main(devices: Device[], meters: Meters | null): Promise<void> {
  const config = readConfig();
  tracing = await openTracing(config, `rethinking-worker-${role}`, (problem) =>
    log.warn({ problem }, 'traces are lost: the collector does not take them'),
  );
  const { connectionOptions, namespace = 'default' } = temporalConnection();
  const store = meters
    ? measuredStore(openStore(config), (call) => countCall(meters, call))
    : openStore(config);
  await store.probe();
  const connection = await NativeConnection.connect(connectionOptions);
  const shared = { store, environment: describeEnvironment(config), now: () => new Date() };
  const dataConverter = largePayloadsIn(store);
  const { interceptors, sinks } = tracing.worker;
  const base = {
    connection,
    namespace,
    dataConverter,
    interceptors: {
      ...interceptors,
      activity: [...(interceptors?.activity ?? []), activityLogFields(tracing)],
    },
    sinks,
    ...SHUTDOWN,
    ...workerVersion(config),
  };

  const client = async () =>
    new Client({
      connection: await Connection.connect(connectionOptions),
      namespace,
      dataConverter,
      interceptors: { workflow: await clientInterceptors(config) },
    });
  if (meters) {
    const { version, commit } = shared.environment.code;
    meters.build.set(1, { version, commit: commit ?? '' });
    if (role === 'light') watchTemporal(await client(), config.RETHINKING_TRAIN_QUEUE, meters);
    else watchDeviceMemory(devices, meters);
  }

  const lost: Error[] = [];
  const workers =
    role === 'light'
      ? [
          await Worker.create({
            ...base,
            taskQueue: 'rethinking',
            workflowBundle: await workflowBundle({
              traced: isTraced(config),
              logger: Runtime.instance().logger,
            }),
            activities: createLightActivities({
              ...shared,
              client: await client(),
              alertUrl: config.RETHINKING_ALERT_URL,
              limits: {
                heartbeatSeconds: config.RETHINKING_HEARTBEAT_SECONDS,
                segmentSeconds: config.RETHINKING_SEGMENT_SECONDS,
              },
            }),
            maxConcurrentActivityTaskExecutions: 1000, // nearly all of them wait for a training
            ...LIVELY,
          }),
        ]
      : [
          await Worker.create({
            ...base,
            taskQueue: 'rethinking-data',
            activities: createDataActivities({
              ...shared,
              sources: { cifar10: config.RETHINKING_DATA, mnist: config.RETHINKING_MNIST },
              imagenet: config.RETHINKING_IMAGENET,
              cacheFolder: config.RETHINKING_CACHE ?? join(homedir(), '.cache', 'rethinking'),
            }),
            maxConcurrentActivityTaskExecutions: 1, // one data set in memory at a time
            ...LIVELY,
          }),
          ...(await Promise.all(
            devices.map(async (device, number) => {
              const watched = meters && { meters, device: deviceLabel(device, number) };
              const forkOn = (what: 'trainer' | 'solver') => {
                const child = forkChild(what, device, endAll);
                if (watched) watchChild(child, { ...watched, onGpu: device.kind === 'gpu' });
                return child;
              };
              return Worker.create({
                ...base,
                // One of its own: a connection takes one worker a queue.
                connection: await NativeConnection.connect(connectionOptions),
                taskQueue: config.RETHINKING_TRAIN_QUEUE,
                activities: createTrainActivities({
                  forkTrainer: (request, before) => {
                    const trainer = forkOn('trainer');
                    if (watched) watchTrainer(trainer, request, before, watched);
                    return trainer;
                  },
                  forkSolver: () => forkOn('solver'),
                }),
                maxConcurrentActivityTaskExecutions: 1, // one training a device
                ...LIVELY,
              });
            }),
          )),
        ];
  if (role !== 'light') log.info({ devices }, 'one training at a time on each device');
  process.send?.({ kind: 'ready' });
  const running = workers.map((worker) => worker.run());
  const { RETHINKING_PULSE_FILE: file, RETHINKING_IDLE_SECONDS: idleSeconds } = config;
  const pulse = startPulse(workers, { file, idleSeconds }, () => {
    log.info({ idleSeconds }, 'nothing to do: the worker ends');
    shutDown();
  });
  await Promise.all(running);
  pulse.stop();
  if (lost[0]) throw lost[0];

  /** The next process looks anew at what is there. */
  function endAll(why: Error): void {
    lost.push(why);
    shutDown();
  }

  function shutDown(): void {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  }
}

function forkChild(what: 'trainer' | 'solver', device: Device, onLost: (why: Error) => void): ChildProcess {
  // Images that are streamed are decoded in libuv's threads, of which there are four unless somebody asks.
  const UV_THREADPOOL_SIZE = String(Math.max(4, availableParallelism()));
  const fields = fieldsOf(Context.current().info);
  const env = {
    ...TRAINING_ENVIRONMENT,
    UV_THREADPOOL_SIZE,
    ...process.env,
    ...variablesOf(device),
    RETHINKING_LOG_FIELDS: JSON.stringify(fields),
    ...tracing.variables(), // one process an attempt: its spans are the activity's children
  };
  const child = fork(join(import.meta.dirname, `${what}.js`), {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    env,
  });
  logText(child.stderr, log.child({ ...fields, from: what }));
  child.on('message', (report: TrainerReport | SolverReport) => {
    if (report.kind === 'failed' && report.type === 'DeviceMissing') onLost(new Error(report.message));
  });
  return child;
}
