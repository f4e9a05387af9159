/** Brings everything that `npm ci` alone cannot: the TensorFlow library and its binding, `temporal`, the S3 server.
 *  Idempotent: it looks at what is there and does the rest, so an interrupted one goes on where it stopped. */
import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { homedir } from 'node:os';
import { driverVersion } from '../device/nvidia.mjs';
import { buildBinding, installBinding } from './binding.mjs';
import { SetupFailure, SetupInterrupted } from './failure.mjs';
import { takeLock } from './lock.mjs';
import { installPackages, packagesMatch } from './packages.mjs';
import { CUDA_DRIVER, TEMPORAL, TENSORFLOW, TFJS, VERSITYGW } from './pins.mjs';
import {
  describeMissing,
  findMissing,
  isAtLeast,
  supportedPlatform,
  systemFamily,
} from './prerequisites.mjs';
import { createProgress, size } from './progress.mjs';
import { isComplete, markComplete } from './stamp.mjs';
import { fetchedBytes, installTensorflow, libraryOf } from './tensorflow.mjs';
import { findRelease, installTool } from './tools.mjs';

const FLAVOURS = { cpu: 'CPU', cuda: 'CUDA' };

/** Bytes to fetch and to keep, measured on Linux x64. */
const PACKAGES = { fetched: 416e6, kept: 1050e6 };
const TOOLS = { released: { fetched: 100e6, kept: 260e6 }, built: { fetched: 386e6, kept: 260e6 } };
/** Go's module and build caches, which are the user's own: `go clean -cache -modcache` frees them. */
const GO_CACHES = 3.8e9;

/** @param {import('./paths.mjs').Paths} paths
 *  @param {NodeJS.WriteStream} out
 *  @returns {Promise<boolean>} whether there was anything to do
 *  @throws {SetupFailure} */
export async function setUp(paths, out) {
  if (isComplete(paths)) return false;
  const platform = supportedPlatform();
  if (paths.choice.flavour === 'cuda') {
    libraryOf({ paths, platform });
    refuseOldDriver(driverVersion(process.env));
  }
  const release = await takeLock(paths.lock, (owner) =>
    out.write(`Another set-up (process ${owner}) is running: waiting for it.\n`),
  );
  try {
    await bringWhatIsMissing(paths, platform, out);
    installBinding(paths);
    markComplete(paths);
    return true;
  } finally {
    release();
  }
}

/** @param {import('./paths.mjs').Paths} paths
 *  @param {import('./pins.mjs').Platform} platform
 *  @param {NodeJS.WriteStream} out */
async function bringWhatIsMissing(paths, platform, out) {
  const tools = [TEMPORAL, VERSITYGW].filter(({ name }) => !existsSync(paths[name]));
  const releases = await Promise.all(tools.map((tool) => findRelease(tool, platform)));
  const needs = {
    packages: !packagesMatch(paths),
    library: !existsSync(paths.tensorflow),
    binding: !existsSync(paths.binding),
    go: releases.includes(null),
  };
  if (!needs.packages && !needs.library && !needs.binding && tools.length === 0) return;
  const missing = findMissing(needs, { environment: process.env, node: process.versions.node });
  if (missing.length > 0) throw new SetupFailure(describeMissing(missing, systemFamily()));
  announce(paths, platform, needs, tools.length > 0, out);

  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const context = { paths, platform, signal: interruption.signal };
  const progress = createProgress(out);
  /** @param {string} name
   *  @param {boolean} needed
   *  @param {(context: import('./tensorflow.mjs').Context, report: import('./progress.mjs').Report) => Promise<void>} install */
  const step = async (name, needed, install) => {
    if (needed) await progress.step(name, (report) => install(context, report));
  };
  const packages = step('npm packages', needs.packages, installPackages);
  const library = step(
    `TensorFlow ${TENSORFLOW} ${FLAVOURS[paths.choice.flavour]}`,
    needs.library,
    installTensorflow,
  );
  const all = [
    packages,
    library,
    Promise.all([packages, library]).then(() => step(`binding ${TFJS}`, needs.binding, buildBinding)),
    // One after the other: a Go build uses every core by itself.
    tools.reduce(async (before, tool, index) => {
      await before;
      await step(`${tool.name} ${tool.version}`, true, (context, report) =>
        installTool(tool, releases[index] ?? null, context, report),
      );
    }, Promise.resolve()),
  ];
  try {
    await Promise.all(all);
  } catch (error) {
    if (interruption.signal.aborted) {
      throw new SetupInterrupted('Set-up was interrupted: run it again and it goes on.', { cause: error });
    }
    interrupt(); // what the other steps have done is kept
    throw error;
  } finally {
    await Promise.allSettled(all);
    progress.end();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Before gigabytes come for nothing. A driver that does not answer is not an old one.
 *  @param {string | null} version
 *  @throws {SetupFailure} */
export function refuseOldDriver(version) {
  const [major = 0, minor = 0] = CUDA_DRIVER.split('.').map(Number);
  if (version === null || isAtLeast(version, [major, minor])) return;
  throw new SetupFailure(
    `The NVIDIA driver here is ${version} and CUDA 12 needs ${CUDA_DRIVER} or later: update it, or set up for the CPU with \`npm run setup -- --cpu\`.`,
  );
}

/** Says how much is coming, and refuses to start what cannot fit.
 *  @param {import('./paths.mjs').Paths} paths
 *  @param {import('./pins.mjs').Platform} platform
 *  @param {{ packages: boolean, library: boolean, go: boolean }} needs
 *  @param {boolean} tools
 *  @param {NodeJS.WriteStream} out */
function announce(paths, platform, needs, tools, out) {
  const nothing = { fetched: 0, kept: 0 };
  const packages = needs.packages ? PACKAGES : nothing;
  const { wheels, keptBytes } = libraryOf({ paths, platform });
  const library = needs.library ? { fetched: fetchedBytes(wheels), kept: keptBytes } : nothing;
  const servers = tools ? TOOLS[needs.go ? 'built' : 'released'] : nothing;
  const fetched = packages.fetched + library.fetched + servers.fetched;
  const cached = library.kept + servers.kept;
  if (fetched === 0) return;
  const places = [
    cached > 0 ? `${size(cached)} in ${paths.cache.replace(homedir(), '~')}` : '',
    packages.kept > 0 ? `${size(packages.kept)} in node_modules` : '',
    needs.go ? `up to ${size(GO_CACHES)} in Go's own caches` : '',
  ].filter(Boolean);
  out.write(`Set-up fetches about ${size(fetched)} and keeps ${places.join(', ')}.\n`);

  mkdirSync(paths.cache, { recursive: true });
  for (const [folder, needed] of /** @type {const} */ ([
    [paths.cache, cached + library.fetched],
    [paths.root, packages.kept],
  ])) {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < needed) {
      throw new SetupFailure(
        `${folder} has ${size(bavail * bsize)} free and set-up needs ${size(needed)} there: make room, or set XDG_CACHE_HOME to a larger disk for the cache.`,
      );
    }
  }
}
