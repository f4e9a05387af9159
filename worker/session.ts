/** What a command works with: the user's own services where the environment names them, else the local stack with
 *  its workers, started here or found running. */
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Failure } from '../activities/failure/failure.ts';
import type { Store } from '../activities/store/store.ts';
import { type Config, openStore, readConfig, temporalConnection } from './config.ts';
import { largePayloadsIn } from './large-payloads.ts';
import { findStack, findWorkingStack, type Stack, startStack } from './stack/stack.ts';
import { clientInterceptors } from './tracing/tracing.ts';
import { startWorkers } from './workers.ts';

export interface Session {
  config: Config;
  client: Client;
  store: Store;
  /** The local stack; null when the environment names Temporal and S3. */
  stack: Stack | null;
  /** Whether closing ends the work: the stack and its workers are ours. */
  owner: boolean;
  /** Rejects when nothing can train in it: its workers are ours and a GPU is missing. */
  refused: Promise<never>;
  /** Lets trainings checkpoint, then ends what this session started. */
  close(): Promise<void>;
}

const NEVER = new Promise<never>(() => {});

export const isExternal = (config: Config) =>
  config.RETHINKING_BUCKET !== undefined && temporalConnection().connectionOptions.address !== undefined;

export async function openSession(onEvent: (line: string) => void): Promise<Session> {
  const config = readConfig();
  const external = temporalConnection().connectionOptions.address !== undefined;
  if (external !== (config.RETHINKING_BUCKET !== undefined)) {
    throw new Failure(
      'InvalidInput',
      external
        ? 'A Temporal address is set but no bucket: set RETHINKING_BUCKET (and AWS_*) too, or neither for the local stack.'
        : 'RETHINKING_BUCKET is set but no Temporal address: set TEMPORAL_ADDRESS too, or neither for the local stack.',
    );
  }
  if (external) return connect(config, null);

  const { folder, temporalBinary, versitygwBinary } = expectSetUp(config);
  const running = await findWorkingStack(folder);
  if (running) {
    Object.assign(process.env, stackVariables(running));
    return connect(readConfig(), running);
  }
  const starting = startStack({ folder, temporalBinary, versitygwBinary, onEvent });
  const variables = starting.then(stackVariables);
  const workers = startWorkers({ logs: join(folder, 'logs'), variables, onEvent });
  try {
    const stack = await Promise.race([starting, workers.refused]);
    Object.assign(process.env, stackVariables(stack));
    if (stack.reused) await workers.stop(); // another command was first, and has workers
    const end = async () => {
      await workers.stop();
      await stack.stop();
    };
    return await connect(readConfig(), stack, { end, refused: stack.reused ? NEVER : workers.refused });
  } catch (error) {
    await workers.stop();
    await starting.then(
      (stack) => stack.stop(),
      () => {}, // it is what failed
    );
    throw error;
  }
}

/** The services for a command that only looks: the local ones are started without workers where they do not run, so that
 *  nothing that waits in them is begun. */
export async function openLook(onEvent: (line: string) => void): Promise<Session> {
  const config = readConfig();
  if (isExternal(config)) return connect(config, null);
  const stack = await startStack({ ...expectSetUp(config), looking: true, onEvent });
  Object.assign(process.env, stackVariables(stack));
  return connect(readConfig(), stack, { end: stack.stop });
}

function expectSetUp(config: Config) {
  const { RETHINKING_TEMPORAL: temporalBinary, RETHINKING_VERSITYGW: versitygwBinary } = config;
  if (!temporalBinary || !versitygwBinary) {
    throw new Failure('InvalidInput', 'The local stack is not set up: run `npm run setup` first.');
  }
  return { folder: join(config.RETHINKING_HOME, '.rethinking'), temporalBinary, versitygwBinary };
}

/** The services that run already; starts nothing. */
export async function attachSession(): Promise<Session> {
  const config = readConfig();
  if (isExternal(config)) return connect(config, null);
  const stack = await findStack(join(config.RETHINKING_HOME, '.rethinking'));
  if (!stack) {
    throw new Failure('InvalidInput', 'The local stack is not running: start it with `npm run stack`.');
  }
  Object.assign(process.env, stackVariables(stack));
  return connect(readConfig(), stack);
}

/** Work with the services that run already. */
export async function attached(work: (session: Session) => Promise<void>): Promise<void> {
  const session = await attachSession();
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

/** The standard variables that point any client at the stack. */
export const stackVariables = ({ temporal, s3 }: Stack): Record<string, string> => ({
  TEMPORAL_ADDRESS: temporal.address,
  TEMPORAL_NAMESPACE: temporal.namespace,
  RETHINKING_BUCKET: s3.bucket,
  AWS_ENDPOINT_URL_S3: s3.endpoint,
  AWS_REGION: s3.region,
  AWS_ACCESS_KEY_ID: s3.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
});

async function connect(
  config: Config,
  stack: Stack | null,
  { end = async () => {}, refused = NEVER }: { end?: () => Promise<void>; refused?: Promise<never> } = {},
): Promise<Session> {
  const { connectionOptions, namespace } = temporalConnection();
  const store = openStore(config);
  const connection = await Connection.connect(connectionOptions).catch((cause: unknown) => {
    throw new Failure(
      'StoreUnreachable',
      `Temporal does not answer at ${connectionOptions.address}: is it running, and is TEMPORAL_ADDRESS right?`,
      { cause },
    );
  });
  return {
    config,
    client: new Client({
      connection,
      namespace,
      dataConverter: largePayloadsIn(store),
      interceptors: { workflow: await clientInterceptors(config) },
    }),
    store,
    stack,
    owner: stack !== null && !stack.reused,
    refused,
    close: end, // the connection ends with the process: closing it under a call in flight would throw
  };
}
