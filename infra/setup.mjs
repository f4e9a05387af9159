/** `npm run setup`: everything that a run and the tests need; milliseconds when it is there. `-- --gpu` asks for the CUDA
 *  flavour of TensorFlow also where no NVIDIA driver is found, `-- --cpu` for the CPU flavour where one is. */
import { deviceLine } from './device/line.mjs';
import { ensureSetUp } from './setup/ensure.mjs';
import { pathsHere } from './setup/paths.mjs';

/** @type {Record<string, import('./setup/flavour.mjs').Flavour>} */
const FLAGS = { '--gpu': 'cuda', '--cpu': 'cpu' };

const flags = process.argv.slice(2);
const [told] = flags.map((flag) => FLAGS[flag]);
if (flags.length > 1 || (flags.length === 1 && !told)) {
  console.error(`Set-up takes --gpu or --cpu, not ${flags.join(' ')}.`);
  process.exit(2);
}
const paths = pathsHere(told);
const started = Date.now();
const worked = await ensureSetUp(paths);
console.log(
  worked
    ? `Set-up is complete after ${Math.round((Date.now() - started) / 1000)} s; from here on everything works offline.`
    : `Set-up is complete (${paths.cache}).`,
);
console.log(deviceLine(paths, process.env));
