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
  const create = async (name: Upstream, listen = '127.0.0.1:0') => {
    const proxy = { name, listen, upstream: upstreams[name], enabled: true };
    return Created.parse(JSON.parse(await ask('POST', '/proxies', proxy))).listen;
  };
  const address = { temporal: await create('temporal'), s3: await create('s3') };
  return {
    address,
    async refuse(upstream, forMs) {
      await ask('POST', `/proxies/${upstream}`, { enabled: false });
      await sleep(forMs);
      await ask('POST', `/proxies/${upstream}`, { enabled: true });
    },
    async poison(upstream, toxics, forMs) {
      for (const toxic of toxics) {
        await ask('POST', `/proxies/${upstream}/toxics`, { toxicity: 1, ...toxic });
      }
      await sleep(forMs);
      // A toxic that holds data back cannot be taken out before they have passed: another proxy takes its place.
      await ask('DELETE', `/proxies/${upstream}`);
      await create(upstream, address[upstream]);
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
