/** The frameworks that ours is compared with, each in a Python environment of its own in the cache, installed when it
 *  is asked for the first time. The lists beside this file hold every package, so that nothing else is fetched. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { firstLine, runChild } from '../setup/child.mjs';
import { SetupFailure, SetupInterrupted } from '../setup/failure.mjs';
import { watchGrowth } from '../setup/folder-size.mjs';
import { takeLock } from '../setup/lock.mjs';
import { isAtLeast } from '../setup/prerequisites.mjs';
import { createProgress, size } from '../setup/progress.mjs';
import { replaceCuda } from './absent-cuda.mjs';

/** @typedef {'torch' | 'keras' | 'jax' | 'scipy'} Peer */

/** Bytes to fetch and to keep, measured on Linux x64; and what says that it computes.
 *  @type {Record<Peer, { title: string, fetched: number, kept: number, check: string }>} */
const PEERS = {
  torch: {
    title: 'PyTorch',
    fetched: 570e6,
    kept: 1.31e9,
    check: 'import torch; x = torch.ones(2, 2, requires_grad=True); (x @ x).sum().backward()',
  },
  keras: {
    title: 'Keras, TensorFlow',
    fetched: 335e6,
    kept: 1.53e9,
    check: 'import tensorflow as tf; tf.function(lambda x: x @ x, jit_compile=True)(tf.ones([2, 2]))',
  },
  jax: {
    title: 'JAX',
    fetched: 140e6,
    kept: 5.8e8,
    check: 'import jax; jax.jit(lambda x: x @ x)(jax.numpy.ones([2, 2])).block_until_ready()',
  },
  scipy: {
    title: 'SciPy',
    fetched: 52e6,
    kept: 2e8,
    check: "import numpy; from scipy.linalg import solve; solve(numpy.eye(2), numpy.ones(2), assume_a='pos')",
  },
};

/** What the lists' versions run on. */
const PYTHON = [3, 11];

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @param {Peer[]} peers
 *  @param {NodeJS.WriteStream} out
 *  @returns {Promise<Record<string, string>>} the Python of each
 *  @throws {SetupFailure} */
export async function installPeers(paths, peers, out) {
  const release = await takeLock(join(paths.cache, 'peers.lock'), (owner) =>
    out.write(`Another bench (process ${owner}) is installing: waiting for it.\n`),
  );
  try {
    const missing = peers.filter((peer) => !existsSync(folderOf(paths, peer)));
    if (missing.length > 0) await install(paths, missing, out);
  } finally {
    release();
  }
  return Object.fromEntries(peers.map((peer) => [peer, pythonOf(folderOf(paths, peer))]));
}

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @param {Peer[]} peers
 *  @param {NodeJS.WriteStream} out */
async function install(paths, peers, out) {
  announce(paths, peers, out);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const progress = createProgress(out);
  try {
    for (const peer of peers) {
      const { title } = PEERS[peer];
      await progress.step(title, (report) => installPeer(paths, peer, interruption.signal, report));
    }
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    throw new SetupInterrupted('Installing was interrupted: run it again and it goes on.', { cause: error });
  } finally {
    progress.end();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Complete under its name, or not there.
 *  @param {import('../setup/paths.mjs').Paths} paths
 *  @param {Peer} peer
 *  @param {AbortSignal} signal
 *  @param {import('../setup/progress.mjs').Report} report */
async function installPeer(paths, peer, signal, report) {
  const folder = folderOf(paths, peer);
  const part = `${folder}.part`;
  const options = { log: join(paths.logs, `bench-${peer}.log`), signal, env: { TMPDIR: part } };
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  report.doing('making a Python environment');
  await runChild('python3', ['-m', 'venv', part], options);
  report.doing('installing');
  const pip = ['-m', 'pip', 'install', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--no-compile'];
  await watchGrowth(part, PEERS[peer].kept, report, () =>
    runChild(pythonOf(part), [...pip, '--progress-bar=off', '-r', listOf(peer)], options),
  );
  if (peer === 'torch') {
    report.doing('setting it up for the CPU');
    await replaceCuda(join(packagesOf(part), 'torch', 'lib'), options);
  }
  report.doing('trying it');
  await runChild(pythonOf(part), ['-c', PEERS[peer].check], options);
  renameSync(part, folder); // its own scripts name the old folder, and nobody calls them
}

/** Says how much is coming, and refuses to start what cannot work.
 *  @param {import('../setup/paths.mjs').Paths} paths
 *  @param {Peer[]} peers
 *  @param {NodeJS.WriteStream} out */
function announce(paths, peers, out) {
  const version = firstLine('python3', ['--version']) ?? '';
  if (!isAtLeast(version, PYTHON)) {
    throw new SetupFailure(
      `The peers need Python ${PYTHON.join('.')} or later with venv; here is ${version || 'none'}: install it, or name only ours with --variants.`,
    );
  }
  /** @param {(peer: Peer) => number} bytesOf */
  const total = (bytesOf) => peers.reduce((sum, peer) => sum + bytesOf(peer), 0);
  const fetched = total((peer) => PEERS[peer].fetched);
  const kept = total((peer) => PEERS[peer].kept);
  const names = peers.map((peer) => PEERS[peer].title).join('; ');
  out.write(
    `To compare with, ${names}: fetches about ${size(fetched)} and keeps ${size(kept)} in ${paths.cache.replace(homedir(), '~')}.\n`,
  );
  mkdirSync(paths.cache, { recursive: true });
  const { bavail, bsize } = statfsSync(paths.cache);
  if (bavail * bsize < kept + fetched) {
    throw new SetupFailure(
      `${paths.cache} has ${size(bavail * bsize)} free and the peers need ${size(kept + fetched)} there: make room, or set XDG_CACHE_HOME to a larger disk.`,
    );
  }
}

/** Another list is another folder.
 *  @param {import('../setup/paths.mjs').Paths} paths
 *  @param {Peer} peer */
function folderOf({ cache }, peer) {
  const digest = createHash('sha256')
    .update(readFileSync(listOf(peer)))
    .digest('hex');
  return join(cache, `peers-${peer}-${digest.slice(0, 8)}`);
}

/** @param {Peer} peer */
const listOf = (peer) => join(import.meta.dirname, `${peer}.txt`);

/** @param {string} folder */
const pythonOf = (folder) => join(folder, 'bin', 'python');

/** @param {string} folder */
function packagesOf(folder) {
  const lib = join(folder, 'lib');
  const [python = ''] = readdirSync(lib).filter((name) => name.startsWith('python'));
  return join(lib, python, 'site-packages');
}
