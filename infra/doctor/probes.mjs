/** Questions to this machine that can only be answered by trying. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BINDING_MS = 60_000;

/** With the flavour of TensorFlow that is installed.
 *  @returns {import('../device/choose.mjs').Tried} */
export function multiplyMatrices() {
  const program = fileURLToPath(new URL('multiply.mjs', import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '0' },
    timeout: BINDING_MS,
  });
  if (status === 0) return { ...JSON.parse(stdout), log: stderr };
  const error = stderr.split('\n').find((line) => /^\w*Error\b/.test(line));
  return { problem: error ?? (signal ? `it ended by ${signal}` : `it ended with ${status}`) };
}

/** Whether files there can have user attributes, in which the S3 server keeps its metadata; null where it cannot
 *  be tried.
 *  @param {string} folder */
export function hasExtendedAttributes(folder) {
  const file = join(folder, `.attributes-${process.pid}`);
  const set =
    process.platform === 'darwin'
      ? ['xattr', '-w', 'user.rethinking', '1', file]
      : ['python3', '-c', 'import os,sys; os.setxattr(sys.argv[1], "user.rethinking", b"1")', file];
  writeFileSync(file, '');
  try {
    const [command = '', ...args] = set;
    const { status } = spawnSync(command, args, { stdio: 'ignore' });
    return status === null ? null : status === 0;
  } finally {
    rmSync(file);
  }
}

/** Whether nobody listens there on loopback.
 *  @param {number} port */
export async function isFree(port) {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** The folder, or the nearest one above it that exists.
 *  @param {string} folder
 *  @returns {string} */
export const existing = (folder) => (existsSync(folder) ? folder : existing(join(folder, '..')));
