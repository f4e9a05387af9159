/** `node infra/run.mjs COMMAND …`: set-up and compilation where something is missing, then the command line. It runs
 *  in this very process, so signals, terminal and exit code are its own. */
import { compile } from './compile.mjs';
import { deviceLine } from './device/line.mjs';
import { ensureSetUp } from './setup/ensure.mjs';
import { environment, paths } from './setup/paths.mjs';

if (await ensureSetUp(paths)) console.error(deviceLine(paths, process.env));
if (!compile(paths)) process.exit(1);
Object.assign(process.env, environment());
await import(`${paths.compiled}/worker/cli/main.js`);
