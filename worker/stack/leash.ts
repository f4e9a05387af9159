/** The process between a command and its servers: `leash.js FOLDER/ TEMPORAL VERSITYGW [looking]`. It holds one end of a channel
 *  to its parent; when the other end goes, also by `kill -9`, it ends the servers and itself. While it lives, a
 *  server that dies is started again at the same port, on the same data. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { releaseLock, takeLock } from './lock.ts';
import type { LeashMessage } from './message.ts';
import { choosePorts } from './ports.ts';
import { endProcess } from './processes.ts';
import { ensureCredentials, layout, readRecord, type StackRecord, writeRecord } from './record.ts';
import { keepServer, type Server } from './server.ts';
import { s3Server, temporalServer } from './servers.ts';
import { sweepUploads } from './sweep.ts';

// Between looking for a free port and listening there another program may take it; Temporal then ends in a panic that
// does not always name the port.
const PORT_ATTEMPTS = 3;

const [slashed = '', temporalBinary = '', versitygwBinary = '', purpose] = process.argv.slice(2);
const folder = slashed.replace(/\/$/, '');
const paths = layout(folder);

/** Resolves when the message is on its way. */
const tell = (message: LeashMessage) =>
  new Promise<void>((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });
const onEvent = (line: string) => {
  console.log(line);
  void tell({ kind: 'event', line });
};

let servers: Server[] = [];
let owner = false;
let ending = false;
for (const reason of ['disconnect', 'SIGTERM', 'SIGINT']) process.once(reason, () => void end(0));

owner = await takeLock(folder);
if (owner) {
  try {
    await start();
    await tell({ kind: 'ready' });
  } catch (error) {
    await tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    await end(1);
  }
} else {
  await tell({ kind: 'owned' });
  await end(0);
}

async function start(): Promise<void> {
  for (const path of [paths.objects, paths.versions, paths.iam, paths.logs]) {
    mkdirSync(path, { recursive: true });
  }
  for (const name of ['temporal.log', 's3.log']) rmSync(join(paths.logs, name), { force: true });
  const left = readRecord(folder); // of a leash that was killed
  for (const pid of Object.values(left?.pids ?? {})) if (pid) await endProcess(pid, folder);
  const swept = await sweepUploads(paths.objects);
  if (swept > 0)
    onEvent(`Removed ${swept} unfinished ${swept === 1 ? 'upload' : 'uploads'} of a killed S3 server.`);

  for (let attempt = 1; ; attempt++) {
    const problems = await startServers(left);
    if (problems.length === 0) return;
    await Promise.all(servers.map((server) => server.stop()));
    if (attempt === PORT_ATTEMPTS) throw new Error(problems.join(' '));
  }
}

/** What went wrong, a sentence a server. */
async function startServers(left: StackRecord | null): Promise<string[]> {
  const record: StackRecord = {
    leash: process.pid,
    ...(purpose === 'looking' && { looking: true }),
    ports: await choosePorts(left?.ports ?? null, onEvent),
    pids: { temporal: null, s3: null },
  };
  if (ending) return [];
  const specs = {
    temporal: temporalServer(folder, temporalBinary, record.ports),
    s3: s3Server(folder, versitygwBinary, record.ports, ensureCredentials(folder)),
  };
  const keep = (name: 'temporal' | 's3') =>
    keepServer(specs[name], {
      onEvent,
      onPid(pid) {
        record.pids[name] = pid;
        writeRecord(folder, record);
      },
    });
  const [temporal, s3] = [keep('temporal'), keep('s3')];
  servers = [temporal, s3];
  const started = await Promise.allSettled([temporal.ready, s3.ready]);
  return started.flatMap((result, index) =>
    result.status === 'rejected' ? [explain([specs.temporal, specs.s3][index], result.reason)] : [],
  );
}

function explain(
  { title, binary, log }: { title: string; binary: string; log: string },
  reason: Error,
): string {
  if (reason.message.includes('xattr')) {
    return `${folder} lies on a file system without extended attributes, which the S3 server needs: put the clone on a local disk (ext4, XFS, APFS).`;
  }
  if (/ENOENT|EACCES/.test(reason.message)) {
    return `${title} cannot be started from ${binary} (${reason.message}): run \`npm run setup\`.`;
  }
  return `${title} did not start (${reason.message}): its log is ${log}.`;
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await Promise.all(servers.map((server) => server.stop()));
  if (owner) {
    rmSync(paths.record, { force: true });
    releaseLock(folder);
  }
  process.exit(code);
}
