/** Where everything is. The cache is outside the clone, so that a second clone finds it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasDriver } from '../device/nvidia.mjs';
import { chooseFlavour } from './flavour.mjs';
import { BINDING_RECIPE, PLATFORMS, TEMPORAL, TENSORFLOW, TFJS, TOXIPROXY, VERSITYGW } from './pins.mjs';
import { rememberedChoice } from './stamp.mjs';

const HERE = `${process.platform}-${process.arch}`;

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The folder of a binding that is built from these sources: an update that changes one builds another.
 *  @param {string} [native] our sources, a few small files */
export function bindingFolder(native = join(root, 'infra', 'native')) {
  const hash = createHash('sha256');
  const names = readdirSync(native, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((name) => /\.(cc|h|inl)$/.test(name)).sort()) {
    const source = readFileSync(join(native, name));
    hash.update(`${name} ${source.length}\n`).update(source);
  }
  const digest = hash.digest('hex').slice(0, 8);
  return `binding-${TFJS}-${TENSORFLOW}-${BINDING_RECIPE}-${digest}-${HERE}`;
}

/** @param {string} root of the clone
 *  @param {NodeJS.ProcessEnv} environment
 *  @param {import('./flavour.mjs').Choice} choice */
export function pathsOf(root, environment, choice = { flavour: 'cpu', told: false }) {
  const cache = join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rethinking');
  const modules = join(root, 'node_modules');
  const tfjs = join(modules, '@tensorflow', 'tfjs-node-gpu');
  return {
    root,
    cache,
    choice,
    /** `lib/`, `include/` and, in the CUDA flavour, `nvidia/`. The two flavours lie beside each other. */
    tensorflow: join(cache, `tensorflow-${TENSORFLOW}-${choice.flavour}-${HERE}`),
    binding: join(cache, bindingFolder(), 'tfjs_binding.node'),
    temporal: join(cache, `temporal-${TEMPORAL.version}-${HERE}`, 'temporal'),
    versitygw: join(cache, `versitygw-${VERSITYGW.version}-${HERE}`, 'versitygw'),
    /** Made by `npm run faults` when it is first needed. */
    toxiproxy: join(cache, `toxiproxy-${TOXIPROXY.version}-${HERE}`, 'toxiproxy'),
    logs: join(cache, 'logs'),
    lock: join(cache, 'setup.lock'),
    modules,
    tfjs,
    /** Where the package looks for what we build. */
    installed: {
      binding: join(tfjs, 'lib', 'napi-v8', 'tfjs_binding.node'),
      lib: join(tfjs, 'deps', 'lib'),
      include: join(tfjs, 'deps', 'include'),
    },
    /** Goes with the packages: who deletes node_modules sets up again. */
    stamp: stampOf(root),
    compiled: join(root, 'dist'),
    /** The local stack's state: workflow history and artifacts. */
    state: join(root, '.rethinking'),
  };
}

/** @typedef {ReturnType<typeof pathsOf>} Paths */

/** @param {string} root */
function stampOf(root) {
  return join(root, 'node_modules', '.rethinking-setup.json');
}

/** @param {import('./flavour.mjs').Flavour | null} [told] by a person, now */
export function pathsHere(told = null) {
  const { env } = process;
  const choice = chooseFlavour({
    told,
    device: env.RETHINKING_DEVICE,
    remembered: rememberedChoice(stampOf(root)),
    hasDriver: () => PLATFORMS[HERE]?.cuda !== undefined && hasDriver(env),
  });
  return pathsOf(root, env, choice);
}

export const paths = pathsHere();

/** How compiled code learns where things are: it lies in dist/ and cannot reach this file. */
export function environment() {
  return {
    RETHINKING_HOME: paths.root,
    RETHINKING_CACHE: paths.cache,
    RETHINKING_TEMPORAL: paths.temporal,
    RETHINKING_VERSITYGW: paths.versitygw,
    // Node 20 is kept on purpose; twelve lines of warning from every process would drown ours.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...commit(),
  };
}

/** Nothing where there is no git or no repository. */
function commit() {
  const describe = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  try {
    const out = execFileSync('git', describe, {
      cwd: root,
      // A repository around an unpacked archive of ours is not ours.
      env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(root) },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { RETHINKING_COMMIT: out.trim() };
  } catch {
    return {};
  }
}
