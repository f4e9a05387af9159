/** The package's native binding, compiled against our TensorFlow library, and both put where the package looks.
 *  The compiler is called directly: two source files need neither make nor node-gyp, whose download of Node's
 *  headers would be one more host to reach. N-API makes one build serve every Node. */
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { runChild } from './child.mjs';

/** The newest version that the package's own build declares. */
const NAPI_VERSION = 8;

const RUN_PATH = {
  linux: ['-shared', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib'],
};

export const compiler = process.env.CXX || 'c++';

/** @param {import('./tensorflow.mjs').Context} context
 *  @param {import('./progress.mjs').Report} report */
export async function buildBinding({ paths, signal }, report) {
  report.doing('compiling');
  const folder = dirname(paths.binding);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const args = [
    ...[
      '-std=c++17',
      '-O2',
      '-fPIC',
      `-DNAPI_VERSION=${NAPI_VERSION}`,
      '-DNODE_GYP_MODULE_NAME=tfjs_binding',
    ],
    ...['-I', join(paths.modules, 'node-api-headers', 'include'), '-I', join(paths.tensorflow, 'include')],
    ...['-I', paths.tfjs, '-o', join(part, 'tfjs_binding.node')],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(paths.tfjs, 'binding', name)),
    ...['-L', join(paths.tensorflow, 'lib'), '-ltensorflow', '-ltensorflow_framework'],
    ...RUN_PATH[process.platform === 'darwin' ? 'darwin' : 'linux'],
  ];
  await runChild(compiler, args, { log: join(paths.logs, 'binding.log'), signal });
  renameSync(part, folder);
}

/** Links the library and copies the binding into node_modules, where they are not already.
 *  @param {import('./paths.mjs').Paths} paths */
export function installBinding({ binding, tensorflow, installed }) {
  link(join(tensorflow, 'lib'), installed.lib);
  link(join(tensorflow, 'include'), installed.include);
  if (existsSync(installed.binding) && readFileSync(installed.binding).equals(readFileSync(binding))) return;
  mkdirSync(dirname(installed.binding), { recursive: true });
  copyFileSync(binding, `${installed.binding}.part`);
  renameSync(`${installed.binding}.part`, installed.binding);
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
