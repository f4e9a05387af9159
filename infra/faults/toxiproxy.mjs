/** Toxiproxy's server, built by Go the first time that `npm run faults` wants it, and kept in the cache. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { firstLine, runChild } from '../setup/child.mjs';
import { SetupFailure } from '../setup/failure.mjs';
import { TOXIPROXY } from '../setup/pins.mjs';

const BUILT_AS = 'server'; // Go names a program by its folder

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @param {Pick<NodeJS.WriteStream, 'write'>} out
 *  @throws {SetupFailure} */
export async function ensureToxiproxy(paths, out) {
  if (existsSync(paths.toxiproxy)) return;
  if (firstLine('go', ['version']) === null) {
    throw new SetupFailure(
      'Toxiproxy is built by Go, which is not there: install Go, or leave out the faults of connections (--kinds).',
    );
  }
  const folder = dirname(paths.toxiproxy);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  out.write(`Toxiproxy ${TOXIPROXY.version}: building with Go, half a minute.\n`);
  await runChild('go', ['install', `-ldflags=${TOXIPROXY.linkerFlags}`, TOXIPROXY.source], {
    log: join(paths.logs, 'toxiproxy.log'),
    signal: new AbortController().signal, // Ctrl-C reaches Go by itself
    env: { GOBIN: part, CGO_ENABLED: '0' },
  });
  renameSync(join(part, BUILT_AS), join(part, 'toxiproxy'));
  renameSync(part, folder);
}
