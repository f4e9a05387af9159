/** `npm run faults`: set-up, compilation and Toxiproxy where something is missing, then the suite, in namespaces in which
 *  it may mount a small disk of its own to fill. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureToxiproxy } from './faults/toxiproxy.mjs';
import { ensureSetUp } from './setup/ensure.mjs';
import { SetupFailure, SetupInterrupted } from './setup/failure.mjs';
import { environment, paths } from './setup/paths.mjs';

const NAMESPACES = ['--user', '--map-root-user', '--mount'];
const XATTR_ON_TMPFS = [6, 6]; // Linux

await ensureSetUp(paths);
const tsc = join(paths.modules, 'typescript', 'bin', 'tsc');
for (const project of ['tsconfig.build.json', join('test', 'faults', 'suite')]) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(paths.root, project)], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(1);
}
const args = process.argv.slice(2);
const proxies = wantsProxies(args);
try {
  if (proxies) await ensureToxiproxy(paths, process.stderr);
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  console.error(error.message);
  process.exit(error instanceof SetupInterrupted ? 130 : 1);
}

const disk = mayMount() ? mkdtempSync(join(tmpdir(), 'rethinking-faults-')) : null;
const program = [process.execPath, join(paths.compiled, 'test', 'faults', 'suite', 'main.js'), ...args];
const [command, ...rest] = disk ? ['unshare', ...NAMESPACES, ...program] : program;
const suite = spawn(command ?? process.execPath, rest, {
  stdio: 'inherit',
  env: {
    ...process.env,
    ...environment(),
    TF_CPP_MIN_LOG_LEVEL: '2', // less of TensorFlow's log
    RETHINKING_DEVICE: 'cpu', // bits are compared, and a GPU sums in another order
    ...(disk && { RETHINKING_DISK: disk }),
    ...(proxies && { RETHINKING_TOXIPROXY: paths.toxiproxy }),
  },
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => suite.kill(signal));
suite.once('exit', (code) => {
  if (disk) rmSync(disk, { recursive: true, force: true });
  process.exit(code ?? 1);
});

/** Kinds that do without are named on the command line.
 *  @param {string[]} args */
function wantsProxies(args) {
  if (args.includes('--help') || args.includes('-h')) return false;
  const at = args.findIndex((arg) => arg.startsWith('--kinds'));
  const kinds = at < 0 ? undefined : args[at]?.includes('=') ? args[at] : args[at + 1];
  return !kinds || /(refuse|slow|cut)-/.test(kinds);
}

function mayMount() {
  if (process.platform !== 'linux') return false;
  const [major = 0, minor = 0] = spawnSync('uname', ['-r'], { encoding: 'utf8' })
    .stdout.split('.')
    .map(Number);
  const [needed = 0, least = 0] = XATTR_ON_TMPFS;
  if (major < needed || (major === needed && minor < least)) return false;
  return spawnSync('unshare', [...NAMESPACES, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
}
