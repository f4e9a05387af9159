/** The TensorFlow C library, out of the Python wheel: the one place where current builds for every platform are. */
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './child.mjs';
import { sha256Of } from './download.mjs';
import { SetupFailure } from './failure.mjs';
import { watchGrowth } from './folder-size.mjs';
import { TENSORFLOW, WHEEL_PYTHON } from './pins.mjs';

/** @typedef {{ paths: import('./paths.mjs').Paths, platform: import('./pins.mjs').Platform, signal: AbortSignal }} Context */

const UNPACK = join(dirname(fileURLToPath(import.meta.url)), 'unpack_wheel.py');

/** Bytes of lib/ on Linux x64, for the progress line. */
export const UNPACKED_BYTES = 853_308_936;

/** @param {Context} context
 *  @param {import('./progress.mjs').Report} report */
export async function installTensorflow({ paths, platform, signal }, report) {
  const downloads = `${paths.tensorflow}.wheel`; // kept until it is unpacked, also over an interruption
  if (!(await verifiedWheel(downloads, platform))) {
    rmSync(downloads, { recursive: true, force: true });
    mkdirSync(downloads, { recursive: true });
    report.doing(`downloading ${platform.wheel} ${TENSORFLOW}`);
    await watchGrowth(downloads, platform.wheelBytes, report, () =>
      pipDownload(downloads, { paths, platform, signal }),
    );
  }
  const wheel = await verifiedWheel(downloads, platform);
  if (!wheel) {
    rmSync(downloads, { recursive: true });
    throw new SetupFailure(
      `The wheel of ${platform.wheel} ${TENSORFLOW} that pip downloaded does not have SHA-256 ${platform.sha256}: it was removed, run set-up again; if that does not help, look at pip's index (\`pip config list\`).`,
    );
  }

  report.doing('unpacking');
  const part = `${paths.tensorflow}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  await watchGrowth(part, UNPACKED_BYTES, report, () =>
    runChild('python3', [UNPACK, wheel, part, ...platform.libraries], {
      log: join(paths.logs, 'unpack.log'),
      signal,
    }),
  );
  for (const [name, library] of Object.entries(platform.links)) symlinkSync(library, join(part, 'lib', name));
  renameSync(part, paths.tensorflow);
  rmSync(downloads, { recursive: true });
}

/** @param {string} folder
 *  @param {Context} context */
async function pipDownload(folder, { paths, platform, signal }) {
  const args = [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--progress-bar=off'],
    ...['--platform', platform.tag, '--python-version', WHEEL_PYTHON, '--implementation', 'cp'],
    ...['--dest', folder, `${platform.wheel}==${TENSORFLOW}`],
  ];
  // pip writes to the temporary folder first, which is often too small for this.
  const options = { log: join(paths.logs, 'pip.log'), signal, env: { TMPDIR: folder } };
  await runChild('python3', args, options);
}

/** @param {string} folder
 *  @param {import('./pins.mjs').Platform} platform */
async function verifiedWheel(folder, { sha256 }) {
  /** @type {string[]} */
  let names = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.whl'));
  } catch {
    return null; // nothing has been downloaded yet
  }
  for (const name of names) {
    const wheel = join(folder, name);
    if ((await sha256Of(wheel)) === sha256) return wheel;
  }
  return null;
}
