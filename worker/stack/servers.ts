/** The two servers of the local stack: how they are started, and how they show that they work. */
import { join } from 'node:path';
import { type Credentials, layout, type Ports } from './record.ts';
import type { ServerSpec } from './server.ts';

export const NAMESPACE = 'default';
const HEALTH_PATH = '/healthz';
const ANSWER_MS = 2_000;

// Of several partitions of a task queue one that nobody polls for some minutes, because the only trainer is busy, goes
// to sleep with the tasks in it, and a poll a minute finds it by chance. One partition is also first come, first served.
const ONE_PARTITION = ['matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'];

export function temporalServer(folder: string, binary: string, { temporal, ui }: Ports): ServerSpec {
  const { database, logs } = layout(folder);
  return {
    title: 'The Temporal server',
    binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(temporal), '--ui-port', String(ui)],
      ...['--db-filename', database, '--log-level', 'warn', '--color', 'never'],
      ...ONE_PARTITION.flatMap((setting) => ['--dynamic-config-value', setting]),
    ],
    env: {}, // nothing of the user's configuration reaches it
    log: join(logs, 'temporal.log'),
    healthy: () => temporalAnswers(ui),
  };
}

export function s3Server(
  folder: string,
  binary: string,
  { s3 }: Ports,
  { accessKeyId, secretAccessKey }: Credentials,
): ServerSpec {
  const { objects, versions, iam, logs } = layout(folder);
  return {
    title: 'The S3 server',
    binary,
    args: [
      ...['--port', `127.0.0.1:${s3}`, '--quiet', '--keep-alive', '--health', HEALTH_PATH, '--iam-dir', iam],
      ...['posix', '--versioning-dir', versions, objects],
    ],
    env: { ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
    log: join(logs, 's3.log'),
    healthy: () => s3Answers(s3),
  };
}

/** Through the web UI's port, which asks the front end: both work, and the namespace is there. */
export const temporalAnswers = (uiPort: number) =>
  answers(`http://127.0.0.1:${uiPort}/api/v1/namespaces/${NAMESPACE}`);

export const s3Answers = (port: number) => answers(`http://127.0.0.1:${port}${HEALTH_PATH}`);

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
    (response) => response.ok,
    () => false,
  );
