import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../failure/failure.ts';

// The pause doubles from 0.05 s: three seconds in all, in which a server that was restarted is back.
const ATTEMPTS = 7;
const FIRST_PAUSE_MS = 50;

/** Reads again when a connection or a server fails; a Failure is final. After the last attempt it fails with
 *  SourceUnreachable, naming `what`. */
export async function tryAgain<T>(what: string, signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Failure) throw error;
      if (attempt === ATTEMPTS) {
        throw new Failure(
          'SourceUnreachable',
          `${what} could not be read in ${ATTEMPTS} attempts (${reasonOf(error)}): the training goes on when it can be reached again.`,
          { cause: error },
        );
      }
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}

/** undici hides the reason of a failed connection one level down. */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: null };
  if (cause instanceof Error && cause.message) return cause.message;
  return error instanceof Error ? error.message : String(error);
}
