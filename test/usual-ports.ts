/** Holds the usual ports of Temporal, its web UI and S3 while tests run, so that every local stack takes free ones: of two that
 *  start at the same moment both would find the usual one free, and one would lose it. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { USUAL } from '../worker/stack/ports.ts';

export default async function holdUsualPorts(): Promise<() => void> {
  const servers = Object.values(USUAL).map((port) => createServer().listen(port, '127.0.0.1'));
  // A stack that runs beside the tests has them already.
  await Promise.all(
    servers.map((server) => Promise.race([once(server, 'listening'), once(server, 'error')]).catch(() => {})),
  );
  return () => {
    for (const server of servers) server.close();
  };
}
