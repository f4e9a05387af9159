/** What the faults strike: the local stack in a folder, two workers with a bucket of their own, and the proxies between.
 *  We look past the proxies, so that a fault does not blind us. */
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createS3Store } from '../../../activities/store/s3.ts';
import type { Store } from '../../../activities/store/store.ts';
import { stackVariables } from '../../../worker/session.ts';
import { layout } from '../../../worker/stack/record.ts';
import { type Stack, startStack } from '../../../worker/stack/stack.ts';
import { startWorkers, type Workers } from '../../../worker/workers.ts';
import { type Proxies, startProxies } from './proxies.ts';

/** Seconds, or two hundred faults would take a night. */
export const HEARTBEAT_SECONDS = 3;
export const CHECKPOINT_SECONDS = 0.05; // a training of the smoke profile lasts half a second

export interface Binaries {
  temporal: string;
  versitygw: string;
  /** Null where no fault needs the proxies. */
  toxiproxy: string | null;
}

export interface Place {
  /** Of the stack: alone on its disk where the disk is to be filled. */
  folder: string;
  bucket: string;
  binaries: Binaries;
  onEvent: (line: string) => void;
}

export interface World {
  folder: string;
  /** The bucket's folder under the S3 server. */
  objects: string;
  stack: Stack;
  workers: Workers;
  proxies: Proxies | null;
  client: Client;
  close(): Promise<void>;
}

export async function openWorld(place: Place): Promise<World> {
  const { folder, bucket, binaries, onEvent } = place;
  const stack = await openStack(place);
  const { host: s3 } = new URL(stack.s3.endpoint);
  const proxies = binaries.toxiproxy
    ? await startProxies(binaries.toxiproxy, folder, { temporal: stack.temporal.address, s3 })
    : null;
  const workers = startWorkers({
    logs: layout(folder).logs,
    variables: {
      ...stackVariables(stack),
      RETHINKING_BUCKET: bucket,
      RETHINKING_HEARTBEAT_SECONDS: String(HEARTBEAT_SECONDS),
      RETHINKING_CHECKPOINT_SECONDS: String(CHECKPOINT_SECONDS),
      ...(proxies && {
        TEMPORAL_ADDRESS: proxies.address.temporal,
        AWS_ENDPOINT_URL_S3: `http://${proxies.address.s3}`,
      }),
    },
    onEvent,
  });
  const connection = await Connection.connect({ address: stack.temporal.address });
  return {
    folder,
    objects: join(layout(folder).objects, bucket),
    stack,
    workers,
    proxies,
    client: new Client({ connection, namespace: stack.temporal.namespace }),
    async close() {
      await workers.stop();
      await connection.close();
      await proxies?.stop();
      await stack.stop();
    },
  };
}

export const openStack = ({ folder, binaries, onEvent }: Place): Promise<Stack> =>
  startStack({
    folder,
    temporalBinary: binaries.temporal,
    versitygwBinary: binaries.versitygw,
    onEvent,
  });

export function storeOf({ s3 }: Stack, bucket: string): Store {
  const { endpoint, region, accessKeyId, secretAccessKey } = s3;
  return createS3Store({ bucket, endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}
