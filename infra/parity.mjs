/** `npm run parity`: set-up, compilation and PyTorch where something is missing, then the comparison. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installPeers } from './bench/peers.mjs';
import { ensureSetUp } from './setup/ensure.mjs';
import { SetupFailure, SetupInterrupted } from './setup/failure.mjs';
import { environment, paths } from './setup/paths.mjs';

await ensureSetUp(paths);
const tsc = join(paths.modules, 'typescript', 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', join(paths.root, 'test', 'parity')], {
  stdio: ['ignore', 2, 2],
});
if (status !== 0) process.exit(1);
Object.assign(process.env, { TF_CPP_MIN_LOG_LEVEL: '2' }, environment()); // less of TensorFlow's log
/** @type {typeof import('../test/parity/main.ts')} */
const { parity } = await import(`${paths.compiled}/test/parity/main.js`);
try {
  process.exitCode = await parity(process.argv.slice(2), {
    root: paths.root,
    installTorch: async () => (await installPeers(paths, ['torch'], process.stderr)).torch,
  });
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof SetupInterrupted ? 130 : 1;
}
