/** Toxiproxy between the workers and both servers: https://github.com/Shopify/toxiproxy. It passes TCP on, and does to
 *  connections what it is told over HTTP. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

export type Upstream = 'temporal' | 's3';

export interface Toxic {
  type: 'latency' | 'bandwidth' | 'limit_data';
  stream: 'upstream' | 'downstream';
  attributes: Record<string, number>;
}

export interface Proxies {
  /** host:port to use instead of the server's own. */
  address: Record<Upstream, string>;
  pid: number;
  refuse(upstream: Upstream, forMs: number): Promise<void>;
  poison(upstream: Upstream, toxics: readonly Toxic[], forMs: number): Promise<void>;
  stop(): Promise<void>;
}

const POLL_MS = 50;
const START_LIMIT_MS = 30_000;

const Created = z.object({ listen: z.string() });

/** @param upstreams host:port of each server */
export async function startProxies(
  binary: string,
  folder: string,
  upstreams: Record<Upstream, string>,
): Promise<Proxies> {
  const port = await freePort();
  const log = openSync(join(folder, 'logs', 'toxiproxy.log'), 'a');
  const server = spawn(binary, ['-host', '127.0.0.1', '-port', String(port)], {
    stdio: ['ignore', log, log],
    env: {},
  });
  const ended = once(server, 'exit');
  process.once('exit', () => server.kill('SIGKILL'));
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Toxiproxy answers ${response.status} to ${method} ${path}: ${text}`);
    return text;
  };
  for (let waited = 0; ; waited += POLL_MS) {
    if (await ask('GET', '/version').catch(() => null)) break;
    if (waited > START_LIMIT_MS) throw new Error('Toxiproxy does not answer: its log is logs/toxiproxy.log.');
    await sleep(POLL_MS);
  }
  const create = async (name: Upstream) => {
    const proxy = { name, listen: '127.0.0.1:0', upstream: upstreams[name], enabled: true };
    return Created.parse(JSON.parse(await ask('POST', '/proxies', proxy))).listen;
  };
  return {
    address: { temporal: await create('temporal'), s3: await create('s3') },
    pid: server.pid!,
    async refuse(upstream, forMs) {
      await ask('POST', `/proxies/${upstream}`, { enabled: false });
      await sleep(forMs);
      await ask('POST', `/proxies/${upstream}`, { enabled: true });
    },
    async poison(upstream, toxics, forMs) {
      const named = toxics.map((toxic, index) => ({ name: `toxic-${index}`, toxicity: 1, ...toxic }));
      for (const toxic of named) await ask('POST', `/proxies/${upstream}/toxics`, toxic);
      await sleep(forMs);
      // A toxic that holds data back is not taken out before they have passed: connections end first.
      await ask('POST', `/proxies/${upstream}`, { enabled: false });
      for (const { name } of named) await ask('DELETE', `/proxies/${upstream}/toxics/${name}`);
      await ask('POST', `/proxies/${upstream}`, { enabled: true });
    },
    async stop() {
      server.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port of 127.0.0.1 is free');
  return address.port;
}
