import type { See } from '../activities/kernel/machine.ts';

/** Work that has nothing to keep yet, such as features of filters that take hours: it ends where it next says what it
 *  does once it is to stop, and that is no failure. */
export async function untilStopped(
  stop: AbortSignal,
  see: See,
  work: (unlessStopped: See) => Promise<unknown>,
): Promise<void> {
  try {
    await work((stretch) => {
      stop.throwIfAborted();
      see(stretch);
    });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
