/** A server of a few files that knows ranges, on loopback. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Answers a request itself, or leaves it to the server by answering false. */
type Meddler = (request: IncomingMessage, response: ServerResponse) => boolean;

export async function serveFiles(files: Record<string, Buffer>, meddle: Meddler = () => false) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.range ?? 'whole'}`);
    if (meddle(request, response)) return;
    const bytes = files[request.url!.slice(1)];
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('etag', `"${bytes.length}"`);
    const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
    if (request.method === 'HEAD') response.writeHead(200, { 'content-length': bytes.length }).end();
    else if (first === undefined) response.writeHead(200).end(bytes);
    else if (Number(first) >= bytes.length) response.writeHead(416).end();
    else {
      const piece = bytes.subarray(Number(first), Number(last) + 1);
      const range = `bytes ${first}-${Number(first) + piece.length - 1}/${bytes.length}`;
      response.writeHead(206, { 'content-range': range, 'content-length': piece.length }).end(piece);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
