/** Set-up as a command sees it: progress on standard error, a failure in one sentence and exit code 1, or 130 when
 *  it was interrupted. */
import { SetupFailure, SetupInterrupted } from './failure.mjs';
import { isComplete } from './stamp.mjs';

/** @param {import('./paths.mjs').Paths} paths
 *  @returns {Promise<boolean>} whether there was anything to do */
export async function ensureSetUp(paths) {
  if (isComplete(paths)) return false;
  const { setUp } = await import('./set-up.mjs'); // most commands need none of it
  try {
    return await setUp(paths, process.stderr);
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    console.error(error.message);
    process.exit(error instanceof SetupInterrupted ? 130 : 1);
  }
}
