import { Failure } from '../failure/failure.ts';

/** What is read, or null where its bytes are damaged: another copy, or whoever computes it again, sees to that. */
export async function unlessDamaged<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Failure && error.type === 'ObjectDamaged') return null;
    throw error;
  }
}
