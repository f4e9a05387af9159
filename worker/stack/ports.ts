/** Where the servers listen on loopback: where they did before, else at their usual ports, else at free ones. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Ports } from './record.ts';

export const USUAL: Ports = { temporal: 7233, ui: 8233, s3: 9000 };
const TITLES: Record<keyof Ports, string> = {
  temporal: 'Temporal',
  ui: "Temporal's web UI",
  s3: 'S3',
};

/** Asks for `wanted` (the usual ports when null) and says which of them are taken. */
export async function choosePorts(wanted: Ports | null, onEvent: (line: string) => void): Promise<Ports> {
  const choose = async (name: keyof Ports): Promise<number> => {
    const port = (wanted ?? USUAL)[name];
    if (await bind(port)) return port;
    const free = await bind(0);
    if (!free) throw new Error('no port of 127.0.0.1 is free');
    onEvent(`Port ${port} is taken: ${TITLES[name]} is at port ${free}.`);
    return free;
  };
  return { temporal: await choose('temporal'), ui: await choose('ui'), s3: await choose('s3') };
}

/** Listens for a moment; the port, or null when it is taken. 0 takes any. */
async function bind(port: number): Promise<number | null> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return null;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : null;
}
