/** `npm run setup`: everything that a run and the tests need; milliseconds when it is there. */
import { ensureSetUp } from './setup/ensure.mjs';
import { paths } from './setup/paths.mjs';

const started = Date.now();
const worked = await ensureSetUp();
console.log(
  worked
    ? `Set-up is complete after ${Math.round((Date.now() - started) / 1000)} s; from here on everything works offline.`
    : `Set-up is complete (${paths.cache}).`,
);
