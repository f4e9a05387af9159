/** The local stack with real servers and a real leash, as compiled code (`npm test` compiles first). */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Store } from '../../../activities/store/s3.ts';
import { isOfStack } from '../../../worker/stack/processes.ts';
import { readRecord } from '../../../worker/stack/record.ts';
import type { Stack } from '../../../worker/stack/stack.ts';

const compiledStack = new URL('../../../dist/worker/stack/stack.js', import.meta.url).href;
const { startStack, findStack }: typeof import('../../../worker/stack/stack.ts') = await import(
  compiledStack
);

const { RETHINKING_TEMPORAL: temporalBinary = '', RETHINKING_VERSITYGW: versitygwBinary = '' } = process.env;
if (!temporalBinary || !versitygwBinary) throw new Error('run the tests through `npm test`');

const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await sleep(20);
};
const newFolder = () => mkdtemp(join(tmpdir(), 'rethinking-stack-'));
/** Leash, Temporal, S3. */
const processesOf = (folder: string) => {
  const record = readRecord(folder);
  return record ? [record.leash, record.pids.temporal ?? 0, record.pids.s3 ?? 0] : [];
};
const storeOf = ({ s3: { bucket, endpoint, region, accessKeyId, secretAccessKey } }: Stack) =>
  createS3Store({ bucket, endpoint, region, credentials: { accessKeyId, secretAccessKey } });

describe('a stack', () => {
  let folder: string;
  let stack: Stack;
  const events: string[] = [];
  const occupied: Server[] = [];
  const start = () =>
    startStack({ folder, temporalBinary, versitygwBinary, onEvent: (line) => events.push(line) });
  beforeAll(async () => {
    folder = await newFolder();
    for (const port of [7233, 8233, 9000]) {
      const server = createServer().listen(port, '127.0.0.1');
      // Where another program is there already, so much the better.
      await once(server, 'listening').then(
        () => occupied.push(server),
        () => {},
      );
    }
    stack = await start();
  });
  afterAll(async () => {
    await stack.stop();
    for (const server of occupied) server.close();
    await rm(folder, { recursive: true });
  });

  test('says that the usual ports are taken, and takes others', () => {
    expect(events).toEqual([
      expect.stringMatching(/^Port 7233 is taken: Temporal is at port \d+\.$/),
      expect.stringMatching(/^Port 8233 is taken: Temporal's web UI is at port \d+\.$/),
      expect.stringMatching(/^Port 9000 is taken: S3 is at port \d+\.$/),
    ]);
    expect(events[0]).toContain(`port ${stack.temporal.address.split(':')[1]}.`);
    expect(stack.temporal.address).toMatch(/^127\.0\.0\.1:/);
  });

  test('has a bucket for objects and a namespace for workflows', async () => {
    const connection = await Connection.connect({ address: stack.temporal.address });
    const client = new Client({ connection, namespace: stack.temporal.namespace });
    await client.workflow.start('nobody', { workflowId: 'kept', taskQueue: 'nobody' });
    const ref = await storeOf(stack).putIfAbsent('kept', Buffer.from('kept'));

    expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
    expect((await storeOf(stack).get(ref)).toString()).toBe('kept');
    await connection.close();
  });

  test('is reused by a second command, which does not end it', async () => {
    const second = await start();
    const found = await findStack(folder);
    await second.stop();

    expect(second.reused).toBe(true);
    expect(second).toMatchObject({ temporal: stack.temporal, s3: stack.s3 });
    expect(found?.s3).toEqual(stack.s3);
    expect(processesOf(folder).every((pid) => isOfStack(pid, folder))).toBe(true);
  });

  test('keeps its secret in a file of its owner, and nowhere else', async () => {
    const secret = stack.s3.secretAccessKey;
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const telling: string[] = [];
    for (const file of files) {
      const bytes = await readFile(file).catch(() => Buffer.alloc(0)); // the database's journal comes and goes
      if (bytes.includes(secret)) telling.push(file);
    }

    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(telling).toEqual([join(folder, 'credentials.json')]);
    expect((await stat(telling[0])).mode & 0o777).toBe(0o600);
    expect(events.join()).not.toContain(secret);
  });

  test('brings a killed Temporal server back at the same address, with its workflows', async () => {
    const killed = stack.pids().temporal;
    process.kill(killed, 'SIGKILL');
    await until(() => events.includes('The Temporal server answers again.'));

    const connection = await Connection.connect({ address: stack.temporal.address });
    const client = new Client({ connection, namespace: stack.temporal.namespace });
    expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
    await connection.close();
    expect(events).toContain('The Temporal server ended (SIGKILL): it is started again.');
    expect(stack.pids().temporal).not.toBe(killed);
  });

  test('brings a killed S3 server back at the same address, with its objects', async () => {
    process.kill(stack.pids().s3, 'SIGKILL');
    await until(() => events.includes('The S3 server answers again.'));

    expect(await storeOf(stack).head('kept')).toMatchObject({ bytes: 4 });
  });

  test('gets another leash when its leash is killed, and loses neither address nor data', async () => {
    const before = processesOf(folder);
    process.kill(before[0], 'SIGKILL');
    await until(() => {
      const after = processesOf(folder);
      return after.length === 3 && after.every((pid) => pid !== 0 && !before.includes(pid));
    });

    const found = await findStack(folder);
    expect(found).toMatchObject({ temporal: stack.temporal, s3: stack.s3 });
    expect(await storeOf(stack).head('kept')).toMatchObject({ bytes: 4 });
    expect(before.some((pid) => isOfStack(pid, folder))).toBe(false);
  });

  test('stops without leaving a process, and starts again with its data', async () => {
    const before = processesOf(folder);
    await stack.stop();

    expect(before.some((pid) => isOfStack(pid, folder))).toBe(false);
    expect(await findStack(folder)).toBeNull();
    stack = await start();
    expect(stack.reused).toBe(false);
    expect(await storeOf(stack).head('kept')).toMatchObject({ bytes: 4 });
  });
});

describe('starting', () => {
  const folders: string[] = [];
  const folderWithEnd = async () => {
    const folder = await newFolder();
    folders.push(folder);
    return folder;
  };
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  test('two commands at once start one stack', async () => {
    const folder = await folderWithEnd();
    const options = { folder, temporalBinary, versitygwBinary, onEvent: () => {} };

    const stacks = await Promise.all([startStack(options), startStack(options)]);

    expect(stacks.map(({ reused }) => reused).sort()).toEqual([false, true]);
    expect(stacks[0].pids()).toEqual(stacks[1].pids());
    await Promise.all(stacks.map((stack) => stack.stop()));
  });

  test('a command that works waits for the end of one that only looks, whose stack has no workers', async () => {
    const folder = await folderWithEnd();
    const options = { folder, temporalBinary, versitygwBinary, onEvent: () => {} };
    const looking = await startStack({ ...options, looking: true });

    const working = startStack(options);
    const first = await Promise.race([working, sleep(500).then(() => 'still waiting')]);
    await looking.stop();
    const stack = await working;

    expect(first).toBe('still waiting');
    expect(stack).toMatchObject({ looking: false, reused: false });
    await stack.stop();
  });

  test('a command that is killed takes its servers with it', async () => {
    const folder = await folderWithEnd();
    const command = await commandWith(folder);
    const processes = processesOf(folder);

    command.kill('SIGKILL');

    expect(processes).toHaveLength(3);
    await until(() => !processes.some((pid) => isOfStack(pid, folder)));
    expect(await findStack(folder)).toBeNull();
  });

  test('what a command and its leash left behind, killed together, is ended first', async () => {
    const folder = await folderWithEnd();
    const command = await commandWith(folder);
    const [leash, ...servers] = processesOf(folder);
    process.kill(leash, 'SIGSTOP'); // so that it does not see its parent go
    command.kill('SIGKILL');
    await once(command, 'exit');
    process.kill(leash, 'SIGKILL');
    await until(() => !isOfStack(leash, folder));
    expect(servers.every((pid) => isOfStack(pid, folder))).toBe(true);

    const stack = await startStack({ folder, temporalBinary, versitygwBinary, onEvent: () => {} });

    expect(stack.reused).toBe(false);
    expect(servers.some((pid) => isOfStack(pid, folder))).toBe(false);
    await stack.stop();
  });

  test('a lock whose process is another program by now does not hold', async () => {
    const folder = await folderWithEnd();
    await writeFile(join(folder, 'leash.pid'), String(process.pid));

    const stack = await startStack({ folder, temporalBinary, versitygwBinary, onEvent: () => {} });

    expect(stack.reused).toBe(false);
    await stack.stop();
  });

  test('on a file system without extended attributes fails with what to do', async () => {
    const folder = await folderWithEnd();
    const refusing = join(folder, 'versitygw');
    // What versitygw 1.8.0 says on ramfs.
    const line = '2026/11/24 02:45:19 xattr check failed: xattrs are not supported on this filesystem';
    await writeFile(refusing, `#!/bin/sh\necho "${line}" >&2\nexit 1\n`, { mode: 0o755 });

    const failing = startStack({ folder, temporalBinary, versitygwBinary: refusing, onEvent: () => {} });

    await expect(failing).rejects.toThrow(
      `${folder} lies on a file system without extended attributes, which the S3 server needs: put the clone on a local disk (ext4, XFS, APFS).`,
    );
    expect(await findStack(folder)).toBeNull();
  });

  test('without a binary fails with what to do', async () => {
    const folder = await folderWithEnd();
    const missing = join(folder, 'no-such-temporal');

    const failing = startStack({ folder, temporalBinary: missing, versitygwBinary, onEvent: () => {} });

    await expect(failing).rejects.toThrow(
      `The Temporal server cannot be started from ${missing} (spawn ${missing} ENOENT): run \`npm run setup\`.`,
    );
  });

  test('with a damaged database fails with the server’s own line and the place of its log', async () => {
    const folder = await folderWithEnd();
    await writeFile(join(folder, 'temporal.db'), 'not a database');

    const failing = startStack({ folder, temporalBinary, versitygwBinary, onEvent: () => {} });

    await expect(failing).rejects.toThrow(/file is not a database.*temporal\.log\.$/);
  });

  test('removes what a killed S3 server left of uploads', async () => {
    const folder = await folderWithEnd();
    const bucket = join(folder, 's3', 'objects', 'rethinking');
    await mkdir(join(bucket, '.sgwtmp', 'multipart', 'abc', 'upload'), { recursive: true });
    await writeFile(join(bucket, '.sgwtmp', 'multipart', 'abc', 'upload', '1'), 'part');
    const lines: string[] = [];

    const stack = await startStack({
      folder,
      temporalBinary,
      versitygwBinary,
      onEvent: (line) => lines.push(line),
    });

    expect(lines).toContain('Removed 1 unfinished upload of a killed S3 server.');
    expect(await readdir(join(bucket, '.sgwtmp', 'multipart'))).toEqual([]);
    await stack.stop();
  });
});

/** Another process that has started the stack of a folder. */
async function commandWith(folder: string): Promise<ChildProcess> {
  const script = join(folder, 'command.mjs');
  await writeFile(
    script,
    `const { startStack } = await import(${JSON.stringify(compiledStack)});
     await startStack({ ...${JSON.stringify({ folder, temporalBinary, versitygwBinary })}, onEvent() {} });
     process.send('started');`,
  );
  const command = fork(script);
  await once(command, 'message');
  return command;
}
