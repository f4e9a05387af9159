/** The two servers' programs: the project's own release where it can be reached, else built by Go, whose module
 *  proxy and checksum database stand in for it. */
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { firstLine, runChild } from './child.mjs';
import { download } from './download.mjs';
import { SetupFailure } from './failure.mjs';

/** @typedef {{ url: string, sha256: string, member: string }} Release */

const PROBE_MS = 3000;

/** The archive for this platform, with the digest published beside it; null when that cannot be had.
 *  @param {import('./pins.mjs').Tool} tool
 *  @param {import('./pins.mjs').Platform} platform
 *  @returns {Promise<Release | null>} */
export async function findRelease({ releases, release }, platform) {
  const { archive, member } = release(platform);
  try {
    const response = await fetch(`${releases}/checksums.txt`, { signal: AbortSignal.timeout(PROBE_MS) });
    const lines = response.ok ? (await response.text()).split('\n') : [];
    const [sha256, name] =
      lines.map((line) => line.trim().split(/\s+/)).find(([, name]) => name === archive) ?? [];
    return sha256 && name ? { url: `${releases}/${archive}`, sha256, member } : null;
  } catch {
    return null;
  }
}

/** @param {import('./pins.mjs').Tool} tool
 *  @param {Release | null} release
 *  @param {import('./tensorflow.mjs').Context} context
 *  @param {import('./progress.mjs').Report} report */
export async function installTool(tool, release, { paths, signal }, report) {
  const folder = dirname(paths[tool.name]);
  const part = `${folder}.part`;
  const log = join(paths.logs, `${tool.name}.log`);
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const program = join(part, tool.name);
  if (release) {
    report.doing('downloading');
    const archive = `${folder}.tar.gz`;
    await download(release.url, archive, { sha256: release.sha256, signal, moved: report.moved });
    const depth = release.member.split('/').length - 1; // some archives have a folder around everything
    const unpack = ['-xzf', archive, '-C', part, `--strip-components=${depth}`, release.member];
    await runChild('tar', unpack, { log, signal });
    rmSync(archive);
  } else {
    report.doing('building with Go, some minutes');
    const env = { GOBIN: part, CGO_ENABLED: '0' }; // as the projects build their releases
    await runChild('go', ['install', `-ldflags=${tool.linkerFlags}`, tool.source], { log, signal, env });
  }
  chmodSync(program, 0o755);
  if (firstLine(program, ['--version']) === null) {
    throw new SetupFailure(
      `${tool.name} ${tool.version} was installed but does not run: look at \`${program} --version\`.`,
    );
  }
  renameSync(part, folder);
}
