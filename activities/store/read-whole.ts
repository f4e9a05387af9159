import { Failure } from '../failure/failure.ts';
import type { Store } from './store.ts';

/** The bytes of an object that can be computed again, or null: it is not there, or is damaged and was set aside. */
export async function readWhole(store: Store, key: string): Promise<Buffer | null> {
  const ref = await store.head(key);
  if (!ref) return null;
  try {
    return await store.get(ref);
  } catch (error) {
    if (!(error instanceof Failure && error.type === 'ObjectDamaged')) throw error;
    await store.setAside(key);
    return null;
  }
}
