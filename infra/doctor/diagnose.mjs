/** Everything that a run needs, each with what to do when it is not there. Nothing is installed or changed. */
import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { confirm, describeDevices } from '../device/choose.mjs';
import { devicesHere } from '../device/here.mjs';
import { hasDriver } from '../device/nvidia.mjs';
import { compiler } from '../setup/binding.mjs';
import { firstLine } from '../setup/child.mjs';
import { SetupFailure } from '../setup/failure.mjs';
import { lockOwner } from '../setup/lock.mjs';
import { packagesMatch } from '../setup/packages.mjs';
import { TEMPORAL, VERSITYGW } from '../setup/pins.mjs';
import { findMissing, supportedPlatform, systemFamily } from '../setup/prerequisites.mjs';
import { size } from '../setup/progress.mjs';
import { findRelease } from '../setup/tools.mjs';
import { existing, hasExtendedAttributes, isFree, multiplyMatrices } from './probes.mjs';

/** `note` is worth knowing and stops nothing.
 *  @typedef {{ state: 'good' | 'note' | 'bad', what: string, found: string, remedy?: string }} Finding */

const PORTS = { 7233: 'Temporal', 8233: "Temporal's web UI", 9000: 'S3' };
const SET_UP = '`npm run setup` brings it.';
/** Artifacts of a quick Figure 1 with room to spare. */
const FREE_BYTES = 1e9;

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @returns {Promise<Finding[]>} */
export async function diagnose(paths) {
  try {
    const platform = supportedPlatform();
    const tried = existsSync(paths.installed.binding) ? multiplyMatrices() : null;
    return [
      { state: 'good', what: 'platform', found: platform.title },
      ...(await prerequisites(paths, platform)),
      ...installed(paths, tried),
      device(paths, platform, tried),
      ...disk(paths),
      ...(await ports(paths)),
    ];
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    return [{ state: 'bad', what: 'platform', found: error.message }];
  }
}

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @param {import('../setup/pins.mjs').Platform} platform
 *  @returns {Promise<Finding[]>} */
async function prerequisites(paths, platform) {
  const tools = [TEMPORAL, VERSITYGW].filter(({ name }) => !existsSync(paths[name]));
  const releases = await Promise.all(tools.map((tool) => findRelease(tool, platform)));
  const needs = {
    packages: !packagesMatch(paths),
    library: !existsSync(paths.tensorflow),
    binding: !existsSync(paths.binding),
    go: releases.includes(null),
  };
  const family = systemFamily();
  const missing = findMissing(needs, { environment: process.env, node: process.versions.node });
  const here = {
    Node: process.version,
    Python: firstLine('python3', ['--version']),
    'C++ compiler': firstLine(compiler, ['--version']),
    Go: firstLine('go', ['version']),
  };
  return [
    ...Object.entries(here).map(
      ([what, found]) =>
        /** @type {const} */ ({
          state: found ? 'good' : 'note',
          what,
          found: found ?? 'not here (needed by some set-ups, see below)',
        }),
    ),
    ...missing.map(
      ({ what, why, install }) =>
        /** @type {const} */ ({
          state: 'bad',
          what: 'missing',
          found: `${what}: ${why}`,
          remedy: family ? install[family] : Object.values(install).join(', or '),
        }),
    ),
  ];
}

/** @typedef {import('../device/choose.mjs').Tried | null} Tried null where there is no binding to try */

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @param {Tried} tried
 *  @returns {Finding[]} */
function installed(paths, tried) {
  /** @param {string} what
   *  @param {string | null} found
   *  @returns {Finding} */
  const finding = (what, found) =>
    found === null
      ? { state: 'bad', what, found: 'not installed', remedy: SET_UP }
      : { state: 'good', what, found };
  const library = existsSync(paths.tensorflow) && existsSync(paths.installed.lib);
  const first = [
    finding('npm packages', packagesMatch(paths) ? 'as the lock file says' : null),
    finding('TensorFlow library', library ? paths.tensorflow : null),
    ...[TEMPORAL, VERSITYGW].map(({ name }) =>
      finding(name, firstLine(paths[name], ['--version'])?.replace(/\s+/g, ' ') ?? null),
    ),
  ];
  if (!tried) return [...first, finding('binding', null)];
  if ('version' in tried)
    return [...first, finding('binding', `multiplies matrices with TensorFlow ${tried.version}`)];
  const remedy = '`npm run clean -- --yes` and `npm run setup` build it anew.';
  return [...first, { state: 'bad', what: 'binding', found: `does not work: ${tried.problem}`, remedy }];
}

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @param {import('../setup/pins.mjs').Platform} platform
 *  @param {Tried} tried
 *  @returns {Finding} */
function device({ installed }, { cuda }, tried) {
  const { RETHINKING_DEVICE: asked, CUDA_VISIBLE_DEVICES: visible } = process.env;
  const answer = confirm(
    devicesHere({ asked, visible, lib: installed.lib }),
    () => tried ?? { problem: 'its binding is not installed' },
  );
  const what = 'device';
  if ('fact' in answer)
    return { state: 'bad', what, found: answer.fact, remedy: `To go on: ${answer.remedy}.` };
  const found = describeDevices(answer, { threads: availableParallelism(), visible });
  const unused =
    cuda && asked !== 'cpu' && answer.devices.every(({ kind }) => kind === 'cpu') && hasDriver(process.env);
  const remedy = 'An NVIDIA driver is here too: `npm run setup -- --gpu` sets up for it.';
  return unused ? { state: 'note', what, found, remedy } : { state: 'good', what, found };
}

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @returns {Finding[]} */
function disk({ state }) {
  const folder = existing(state);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const attributes = hasExtendedAttributes(folder);
  return [
    free < FREE_BYTES
      ? { state: 'bad', what: 'disk', found: `${size(free)} free in ${folder}`, remedy: 'Make room: 1 GB.' }
      : { state: 'good', what: 'disk', found: `${size(free)} free in ${folder}` },
    attributes === false
      ? {
          state: 'bad',
          what: 'extended attributes',
          found: `not in ${folder}: the S3 server keeps its metadata in them`,
          remedy:
            'Put the clone on ext4, XFS, Btrfs or APFS, or name your own S3 server (RETHINKING_BUCKET, AWS_*).',
        }
      : { state: 'good', what: 'extended attributes', found: attributes ? 'work' : 'could not be tried' },
  ];
}

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @returns {Promise<Finding[]>} */
async function ports({ state }) {
  const running = lockOwner(join(state, 'leash.pid')) !== 0;
  return Promise.all(
    Object.entries(PORTS).map(async ([port, title]) => {
      const taken = running ? 'taken; the local stack is running' : 'taken: the stack takes another one';
      const free = await isFree(Number(port));
      return {
        state: free ? 'good' : 'note',
        what: `port ${port}`,
        found: `${title}: ${free ? 'free' : taken}`,
      };
    }),
  );
}
