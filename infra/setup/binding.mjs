/** The package's native binding and our own beside it (infra/native), compiled against our TensorFlow library, and all
 *  put where the package looks. The compiler is called directly: a few source files need neither make nor node-gyp,
 *  whose download of Node's headers would be one more host to reach. N-API makes one build serve every Node. */
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './child.mjs';

/** The newest version that the package's own build declares. */
const NAPI_VERSION = 8;

const RUN_PATH = {
  linux: ['-shared', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib'],
};

const NATIVE = join(dirname(dirname(fileURLToPath(import.meta.url))), 'native');

export const compiler = process.env.CXX || 'c++';

/** @param {import('./tensorflow.mjs').Context} context
 *  @param {import('./progress.mjs').Report} report */
export async function buildBinding({ paths, signal }, report) {
  report.doing('compiling');
  const folder = dirname(paths.binding);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const theirs = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(paths.tfjs, 'binding', name));
  const ours = readdirSync(NATIVE).filter((name) => name.endsWith('.cc'));
  /** @param {string} name
   *  @param {string[]} sources */
  const build = (name, sources) =>
    runChild(
      compiler,
      [
        // Without contraction all instruction sets give the same bits; without errno roots have vectors.
        ...['-std=c++17', '-O3', '-ffp-contract=off', '-fno-math-errno', '-fPIC', '-pthread'],
        ...[`-DNAPI_VERSION=${NAPI_VERSION}`, `-DNODE_GYP_MODULE_NAME=${name}`],
        ...[
          '-I',
          join(paths.modules, 'node-api-headers', 'include'),
          '-I',
          join(paths.tensorflow, 'include'),
        ],
        ...['-I', join(NATIVE, 'include'), '-I', paths.tfjs, '-o', join(part, `${name}.node`), ...sources],
        ...['-L', join(paths.tensorflow, 'lib'), '-ltensorflow', '-ltensorflow_framework'],
        ...RUN_PATH[process.platform === 'darwin' ? 'darwin' : 'linux'],
      ],
      { log: join(paths.logs, `${name}.log`), signal },
    );
  await Promise.all([
    build('tfjs_binding', theirs),
    build(
      'graph',
      ours.map((name) => join(NATIVE, name)),
    ),
  ]);
  renameSync(part, folder);
}

/** Links the library and copies the binding into node_modules, where they are not already.
 *  @param {import('./paths.mjs').Paths} paths */
export function installBinding({ binding, tensorflow, installed }) {
  link(join(tensorflow, 'lib'), installed.lib);
  link(join(tensorflow, 'include'), installed.include);
  mkdirSync(dirname(installed.binding), { recursive: true });
  for (const name of readdirSync(dirname(binding))) {
    const [built, there] = [join(dirname(binding), name), join(dirname(installed.binding), name)];
    if (existsSync(there) && readFileSync(there).equals(readFileSync(built))) continue;
    copyFileSync(built, `${there}.part`);
    renameSync(`${there}.part`, there);
  }
}

/** @param {string} target
 *  @param {string} path */
function link(target, path) {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && readlinkSync(path) === target) return;
  if (found?.isDirectory()) rmSync(path, { recursive: true }); // from the package's own install script
  mkdirSync(dirname(path), { recursive: true });
  rmSync(`${path}.part`, { force: true });
  symlinkSync(target, `${path}.part`);
  renameSync(`${path}.part`, path);
}
