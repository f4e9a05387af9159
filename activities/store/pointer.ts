/** Mutable pointers. One whose bytes are damaged is set aside, and what it named is found or written anew. */
import { Failure } from '../failure/failure.ts';
import type { Store } from './store.ts';

/** Null when there is none, or none that is whole. */
export async function readOrSetAside(
  store: Store,
  key: string,
): Promise<{ bytes: Buffer; version: string } | null> {
  try {
    return await store.read(key);
  } catch (error) {
    if (!(error instanceof Failure && error.type === 'ObjectDamaged')) throw error;
    await store.setAside(key);
    return null;
  }
}

/** Of writers that race, the last one wins. */
export async function point(store: Store, key: string, bytes: Buffer): Promise<void> {
  for (;;) {
    const found = await readOrSetAside(store, key);
    if (found?.bytes.equals(bytes)) return;
    if ((await store.swap(key, bytes, found?.version ?? null)) !== null) return;
  }
}
