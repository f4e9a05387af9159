/** The TensorFlow C library, and CUDA's, out of Python wheels: the one place where current builds for every platform
 *  are. */
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './child.mjs';
import { sha256Of } from './download.mjs';
import { SetupFailure } from './failure.mjs';
import { watchGrowth } from './folder-size.mjs';
import { PLATFORMS, WHEEL_PYTHON } from './pins.mjs';

/** @typedef {{ paths: import('./paths.mjs').Paths, platform: import('./pins.mjs').Platform, signal: AbortSignal }} Context */

const UNPACK = join(dirname(fileURLToPath(import.meta.url)), 'unpack_wheel.py');

/** @param {Context} context
 *  @param {import('./progress.mjs').Report} report */
export async function installTensorflow(context, report) {
  const { paths, signal } = context;
  const { wheels, keptBytes, libraries, links } = libraryOf(context);
  const downloads = `${paths.tensorflow}.wheels`; // kept until they are unpacked, also over an interruption
  const total = fetchedBytes(wheels);
  /** @type {string[]} */
  const files = [];
  for (const wheel of wheels) {
    const folder = join(downloads, wheel.name);
    report.doing(`downloading ${wheel.name} ${wheel.version}`);
    files.push(await watchGrowth(downloads, total, report, () => fetchWheel(wheel, folder, context)));
  }

  report.doing('unpacking');
  const part = `${paths.tensorflow}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  await watchGrowth(part, keptBytes, report, async () => {
    for (const file of files) {
      const log = join(paths.logs, 'unpack.log');
      await runChild('python3', [UNPACK, file, part, ...libraries], { log, signal });
    }
  });
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(part, path));
  renameSync(part, paths.tensorflow);
  rmSync(downloads, { recursive: true });
}

/** The library of the chosen flavour; set-up refuses one that the platform does not have.
 *  @param {Pick<Context, 'paths' | 'platform'>} context
 *  @returns {import('./pins.mjs').Library} */
export function libraryOf({ paths, platform }) {
  if (paths.choice.flavour === 'cpu') return platform.cpu;
  if (platform.cuda) return platform.cuda;
  const known = Object.values(PLATFORMS).filter(({ cuda }) => cuda);
  throw new SetupFailure(
    `TensorFlow's CUDA flavour is for ${known.map(({ title }) => title).join(', ')}; here is ${platform.title}: leave out \`--gpu\` and RETHINKING_DEVICE=gpu, or set up for the CPU with \`npm run setup -- --cpu\`.`,
  );
}

/** @param {import('./pins.mjs').Wheel[]} wheels */
export const fetchedBytes = (wheels) => wheels.reduce((sum, { bytes }) => sum + bytes, 0);

/** The wheel's file, downloaded where it is not there with the right digest.
 *  @param {import('./pins.mjs').Wheel} wheel
 *  @param {string} folder of this wheel alone
 *  @param {Context} context */
async function fetchWheel(wheel, folder, context) {
  const { name, version, sha256 } = wheel;
  const there = await verifiedFile(folder, sha256);
  if (there) return there;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await pipDownload(wheel, folder, context);
  const file = await verifiedFile(folder, sha256);
  if (file) return file;
  rmSync(folder, { recursive: true });
  throw new SetupFailure(
    `The wheel of ${name} ${version} that pip downloaded does not have SHA-256 ${sha256}: it was removed, run set-up again; if that does not help, look at pip's index (\`pip config list\`).`,
  );
}

/** @param {import('./pins.mjs').Wheel} wheel
 *  @param {string} folder
 *  @param {Context} context */
async function pipDownload({ name, version, tag }, folder, { paths, signal }) {
  const args = [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--progress-bar=off'],
    ...['--platform', tag, '--python-version', WHEEL_PYTHON, '--implementation', 'cp'],
    ...['--dest', folder, `${name}==${version}`],
  ];
  // pip writes to the temporary folder first, which is often too small for this.
  const options = { log: join(paths.logs, 'pip.log'), signal, env: { TMPDIR: folder } };
  await runChild('python3', args, options);
}

/** @param {string} folder
 *  @param {string} sha256 */
async function verifiedFile(folder, sha256) {
  /** @type {string[]} */
  let names = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.whl'));
  } catch {
    return null; // nothing has been downloaded yet
  }
  for (const name of names) {
    const file = join(folder, name);
    if ((await sha256Of(file)) === sha256) return file;
  }
  return null;
}
