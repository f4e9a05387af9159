/** S3 servers on loopback: a real one in a temporary folder, and one that answers as it is told. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { connect, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const ACCESS_KEY = 'access-key-of-the-test';
export const SECRET_KEY = 'secret-key-of-the-test';
export const REGION = 'us-east-1';

export async function startVersitygw() {
  const binary = process.env.RETHINKING_VERSITYGW;
  if (!binary) throw new Error('RETHINKING_VERSITYGW names no S3 server: run the tests through `npm test`.');
  const folder = await mkdtemp(join(tmpdir(), 'rethinking-store-'));
  const [objects, versions, iam] = ['objects', 'versions', 'iam'].map((name) => join(folder, name));
  await Promise.all([objects, versions, iam].map((path) => mkdir(path)));
  for (;;) {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const server = spawn(
      binary,
      // biome-ignore format: one option a line reads worse
      ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', '--health', '/healthz', '--iam-dir', iam, 'posix', '--versioning-dir', versions, objects],
      { stdio: 'ignore', env: { ROOT_ACCESS_KEY: ACCESS_KEY, ROOT_SECRET_KEY: SECRET_KEY } },
    );
    const ended = once(server, 'exit');
    while (server.exitCode === null && !(await answers(`${endpoint}/healthz`))) await sleep(20);
    if (server.exitCode !== null) continue; // another test took the port in between
    return {
      endpoint,
      objects,
      /** Flips a bit of an object, in place: the server's attributes stay. */
      async damage(bucket: string, key: string) {
        const file = join(objects!, bucket, key);
        const bytes = await readFile(file);
        bytes[0]! ^= 1;
        await writeFile(file, bytes);
      },
      async stop() {
        server.kill();
        await ended;
        await rm(folder, { recursive: true });
      },
    };
  }
}

/** A server that answers every request as `answer` does. */
export async function startFake(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${portOf(server)}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A way to another server on which every connection breaks after `bytes` bytes of request. */
export async function startCut(endpoint: string, bytes: number) {
  const { hostname, port } = new URL(endpoint);
  const server = createTcpServer((near) => {
    const far = connect(Number(port), hostname);
    let passed = 0;
    near.on('data', (chunk) => {
      passed += chunk.length;
      if (passed < bytes) return far.write(chunk);
      far.destroy();
      return near.destroy();
    });
    far.pipe(near);
    for (const socket of [near, far]) socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { endpoint: `http://127.0.0.1:${portOf(server)}`, stop: () => server.close() };
}

/** A port of loopback where nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

const answers = (url: string) =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  );
